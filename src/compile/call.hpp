#pragma once

#include "compile/compile.hpp"
#include "compile/context.hpp"

namespace ballast::compile {

/// A function call read like a relation. PostgreSQL; 0A000 on engines without functions.
///
///     SELECT … FROM "schema"."f"("a" := $1::integer) AS t0 …                             values as text
///     SELECT … FROM json_to_record($1::json) AS a("a" integer)
///              CROSS JOIN LATERAL "schema"."f"("a" := a."a") AS t0 …                     one JSON payload
///     WITH called AS MATERIALIZED (SELECT t0.* FROM …) SELECT … FROM called AS t0 …      counted: it runs once
Result<Plan> compile_call(const query::Call& call, const catalog::Snapshot& snapshot, const sql::Dialect& dialect);

/// `called AS MATERIALIZED (SELECT …)`: the call's rows, or its value as the column `query::scalar_column`.
void write_called_cte(sql::Writer& out, Context& context, const query::Call& call);

}  // namespace ballast::compile
