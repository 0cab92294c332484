#pragma once

#include "compile/compile.hpp"

namespace ballast::compile {

/// One statement with the whole payload as its one parameter:
///
///     INSERT INTO "s"."t" AS t0 ("a", …) SELECT v."a", … FROM json_to_recordset($1) AS v("a" integer, …)
///
/// With `missing_is_default` a column that no object has is left out, so that the table's own default takes its place
/// (an identity's too); of one that only some have, the default's expression is evaluated for those that lack it:
///
///     … SELECT CASE WHEN (e.o->'a') IS NULL THEN (7)::integer ELSE v."a" END, …
///       FROM json_array_elements($1) AS e(o), json_to_record(e.o) AS v("a" integer, …)
Result<Plan> compile_postgres_insert(const query::Insert& insert, const catalog::Snapshot& snapshot,
                                     const sql::Dialect& dialect);

}  // namespace ballast::compile
