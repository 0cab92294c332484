#pragma once

#include "base/result.hpp"
#include "compile/select.hpp"

namespace ballast::compile {

/// ` ORDER BY …`, or nothing. NULLs stand where PostgreSQL puts them; on columns that hold none SQLite is not told,
/// so that it can use an index.
Result<void> write_order(sql::Writer& out, Context& context, const query::Read& read, const Select& select);

/// The expression of one term, without its direction.
Result<void> write_order_expression(sql::Writer& out, const query::OrderTerm& term, const Select& select);

/// ` DESC`, ` NULLS LAST` …
void write_order_direction(sql::Writer& out, const query::OrderTerm& term, const Select& select);

}  // namespace ballast::compile
