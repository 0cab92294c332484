#pragma once

#include "compile/compile.hpp"

namespace ballast::compile {

/// Many rows, each with values and a version of its own. PostgreSQL takes the payload as one parameter,
///
///     UPDATE "s"."t" AS t0 SET "a" = v."a" FROM json_to_recordset($1) AS v("id" integer, "a" text, "$version" text)
///     WHERE t0."id" = v."id" AND md5(…) = v."$version"
///
/// SQLite a statement per object.
Result<Plan> compile_update_rows(const query::Update& update, const catalog::Snapshot& snapshot,
                                 const sql::Dialect& dialect);

}  // namespace ballast::compile
