#pragma once

#include "base/result.hpp"
#include "compile/context.hpp"

/// `column op value` and lists of values.
namespace ballast::compile {

Result<void> write_compare(sql::Writer& out, Context& context, const Scope& scope, const query::Compare& node);

/// A list travels as one parameter, so that its length is not part of the statement's text: an array literal on
/// PostgreSQL, a JSON array read with json_each on SQLite (whose column affinity then applies to each element, so
/// that indexes are used).
Result<void> write_in(sql::Writer& out, Context& context, const Scope& scope, const query::In& node);

/// PostgreSQL's array literal of the texts: `{"a","b\"c"}`.
std::string array_literal(const std::vector<query::Value>& values);

}  // namespace ballast::compile
