#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "catalog/snapshot.hpp"

namespace ballast::storage::sqlite {

/// What a failed call into SQLite means to a client: constraint violations and bad values as PostgreSQL's SQLSTATEs in
/// PostgreSQL's words, states of the database as BLST6xx. `code` is an extended result code, `message` SQLite's own,
/// of which only names of tables, columns and constraints are ever passed on. `schema` finds constraints' names and
/// may be null.
///
///     BLST601  locked by another process        503, Retry-After
///     BLST602  disk full                        503, Retry-After
///     BLST603  read-only                        503
///     BLST604  damaged                          503
///     BLST605  I/O error                        503, Retry-After
///     BLST606  cannot be opened                 503, Retry-After
///     BLST607  out of memory                    503, Retry-After
///     BLST608  not a database                   503
///     BLST609  its schema changed meanwhile     503, Retry-After
Error map_error(int code, std::string_view message, const catalog::Snapshot* schema);

/// 504: the deadline passed before the statement was through.
Error deadline_passed();

/// 23505, 23514, 23503 as map_error words them, once the constraint is known.
Error unique_violation(std::string_view constraint);
Error check_violation(std::string_view relation, std::string_view constraint);
Error missing_parent(std::string_view relation, std::string_view constraint);
Error still_referenced(std::string_view relation, std::string_view constraint, std::string_view child);

/// The relation and column names in "UNIQUE constraint failed: t.a, t.b" and "NOT NULL constraint failed: t.c". Names
/// that hold dots are told apart by what the schema knows. Null when it knows no such relation.
struct Named {
  const catalog::Relation* relation = nullptr;
  std::vector<std::string> columns;
};
Named named_columns(std::string_view message, const catalog::Snapshot* schema);

/// The unique key over exactly these columns; null when there is none.
const catalog::UniqueKey* unique_key(const catalog::Relation& relation, const std::vector<std::string>& columns);

/// The check constraint that "CHECK constraint failed: …" names (its name, or its expression when it has none).
struct NamedCheck {
  const catalog::Relation* relation = nullptr;
  const catalog::CheckConstraint* check = nullptr;
};
NamedCheck named_check(std::string_view message, const catalog::Snapshot* schema);

}  // namespace ballast::storage::sqlite
