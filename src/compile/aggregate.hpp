#pragma once

#include "base/result.hpp"
#include "compile/context.hpp"

namespace ballast::compile {

/// Writes the aggregate's expression; its type, as PostgreSQL's aggregate functions have it.
Result<catalog::Type> write_aggregate(sql::Writer& out, const Scope& scope, const query::AggregateOutput& output);

}  // namespace ballast::compile
