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

/// ` RETURNING …`, or nothing; of columns and, on SQLite, whatever can be asked without a join. Sets the plan's shape.
Result<void> write_returning(sql::Writer& out, Context& context, const Scope& scope, const query::Returning& returning,
                             const std::vector<std::string>& location_columns, Plan& plan);

/// PostgreSQL: the write with what RETURNING can answer, or else
///
///     WITH written AS (write RETURNING t0."id", …) SELECT … FROM written AS t1 …
///
/// which names the columns that are read, since a role may not see them all. `merging`: every row also says how many
/// rows were updated rather than inserted. Sets the plan's shape.
Result<std::string> wrap_written(Context& context, const sql::Writer& write, const Scope& scope,
                                 const query::Returning& returning, const std::vector<std::string>& location_columns,
                                 bool merging, Plan& plan);

}  // namespace ballast::compile
