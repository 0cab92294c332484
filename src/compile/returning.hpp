#pragma once

#include "compile/compile.hpp"
#include "compile/select.hpp"

/// What a write answers with. On SQLite a RETURNING clause, in which nothing can be joined; on PostgreSQL the write
/// becomes the CTE "written", and a SELECT reads it with all its embeds.
namespace ballast::compile {

/// Answering needs rows at all.
bool returns_rows(const query::Returning& returning, const std::vector<std::string>& location_columns);

/// The relation being written to, as conditions and RETURNING name it. On SQLite that is the relation's own name, so
/// aliases are numbered past any it could be mistaken for.
Scope written_scope(Context& context, std::string_view schema, std::string_view relation);

/// The condition on the rows to write; embeds that it names are those of `returning`.
Result<void> write_written_conditions(sql::Writer& out, Context& context, const Scope& scope,
                                      const query::Predicate& where, const query::Returning& returning);

/// SQLite: ` RETURNING …`, or nothing. Sets the plan's shape.
Result<void> write_returning(sql::Writer& out, Context& context, const Scope& scope, const query::Returning& returning,
                             const std::vector<std::string>& location_columns, Plan& plan);

/// PostgreSQL: `WITH written AS (write RETURNING …) SELECT … FROM written`, or the write alone. Sets the plan's shape.
Result<std::string> wrap_written(Context& context, const sql::Writer& write, const Scope& scope,
                                 const query::Returning& returning, const std::vector<std::string>& location_columns,
                                 Plan& plan);

}  // namespace ballast::compile
