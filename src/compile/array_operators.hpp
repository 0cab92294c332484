#pragma once

#include "base/result.hpp"
#include "compile/context.hpp"

namespace ballast::compile {

/// PostgreSQL's operators on arrays, ranges and jsonb, as far as SQLite has the means: `cs`, `cd` and `ov` on columns
/// that hold a JSON array of scalars, `cs` on JSON objects whose leaves are scalars. The value is a JSON array or
/// object, or PostgreSQL's array literal (`{a,b}`). 0A000 for everything else. `column` is the column's expression.
Result<void> write_array_operator(sql::Writer& out, const query::Compare& node, const sql::Writer& column);

}  // namespace ballast::compile
