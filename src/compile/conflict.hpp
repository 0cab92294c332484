#pragma once

#include "compile/context.hpp"

namespace ballast::compile {

/// What an insert conflicts with: the columns asked for, or else the primary key; null when there is nothing, and then
/// the insert is a plain one, as PostgREST has it.
const std::vector<std::string>* conflict_target(const Scope& scope, const query::Insert& insert);

/// The insert updates the rows that are there already.
bool merges(const Scope& scope, const query::Insert& insert);

/// ` ON CONFLICT (…) DO …`, or nothing. On PostgreSQL a merge counts the rows it updates; see `counting_from_zero`
/// and `write_updated`.
void write_conflict(sql::Writer& out, const Scope& scope, const query::Insert& insert);

/// PostgreSQL: the payload, with the count of updated rows set to zero on the way, when its first row is read.
sql::Writer counting_from_zero(const sql::Writer& payload);

/// PostgreSQL: a cell with the count of updated rows, read when all rows of the CTE "written" are.
void write_updated(sql::Writer& out);

}  // namespace ballast::compile
