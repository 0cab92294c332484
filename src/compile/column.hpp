#pragma once

#include "base/result.hpp"
#include "compile/context.hpp"

/// A column, a path into its JSON, a cast: the expression a ColumnPath stands for.
namespace ballast::compile {

/// PostgreSQL's `->` and `->>` on both engines; `->>` gives text there, so SQLite's numbers and booleans are turned
/// into their JSON text.
Result<void> write_column(sql::Writer& out, const Scope& scope, const query::ColumnPath& column);

/// `expression`, which has type `from`, cast to `to`. On SQLite casts that only change how a value looks in JSON
/// (dates, uuids, json) write the expression as it is.
Result<void> write_cast(sql::Writer& out, const sql::Writer& expression, const catalog::Type& from,
                        const catalog::Type& to);

}  // namespace ballast::compile
