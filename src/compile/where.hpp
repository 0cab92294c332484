#pragma once

#include <functional>

#include "base/result.hpp"
#include "compile/context.hpp"

/// Conditions. NULL behaves as PostgreSQL's three-valued logic says on both engines.
namespace ballast::compile {

/// Writes the condition that the embed named by the alias has a row.
using WriteEmbedExists = std::function<Result<void>(sql::Writer& out, const std::string& alias)>;

/// Writes the predicate as one operand: it needs no parentheses next to AND.
Result<void> write_predicate(sql::Writer& out, Context& context, const Scope& scope, const query::Predicate& predicate,
                             const WriteEmbedExists& embed_exists);

/// An And of nothing, which needs no text at all.
bool always_true(const query::Predicate& predicate);

}  // namespace ballast::compile
