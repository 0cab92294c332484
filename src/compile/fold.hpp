#pragma once

#include "compile/select.hpp"

namespace ballast::compile {

/// What the one cell of a folded read becomes.
encode::Object folded_object(const query::Fold& fold);

/// One row: what the read's aggregate function makes of its page, of how many rows it did, and how many there are.
/// PostgreSQL.
///
///     SELECT "schema"."f"(r.*), count(*) FROM (SELECT s.c0 AS "id", … FROM (page) AS s) AS r
///     SELECT "schema"."f"(r.*::"schema"."relation"), count(*) FROM (SELECT t0.* FROM … page) AS r      whole rows
Result<void> write_fold(sql::Writer& out, Context& context, const query::Read& read, const Select& select,
                        encode::Shape& shape);

}  // namespace ballast::compile
