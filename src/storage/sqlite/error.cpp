#include "storage/sqlite/error.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

namespace ballast::storage::sqlite {
namespace {

/// What follows the first ": ", where SQLite puts its subject.
std::string_view subject(std::string_view message) {
  const auto at = message.find(": ");
  return at == std::string_view::npos ? std::string_view{} : message.substr(at + 2);
}

/// Without white space and case, so that an expression compares equal however it is laid out.
std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) == 0) {
      out.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    }
  }
  return out;
}

bool same_columns(std::vector<std::string> a, std::vector<std::string> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

Error unique(std::string_view message, const catalog::Snapshot* schema) {
  // An index over expressions is named outright: "UNIQUE constraint failed: index 'name'".
  const std::string_view what = subject(message);
  if (what.starts_with("index '") && what.size() > 8) return unique_violation(what.substr(7, what.size() - 8));
  const Named named = named_columns(message, schema);
  if (named.relation == nullptr) return unique_violation("");
  const auto* key = unique_key(*named.relation, named.columns);
  if (key != nullptr) return unique_violation(key->name);
  for (const auto& index : named.relation->indexes) {
    if (index.unique && same_columns(index.columns, named.columns)) return unique_violation(index.name);
  }
  return unique_violation("");
}

Error not_null(std::string_view message, const catalog::Snapshot* schema) {
  const Named named = named_columns(message, schema);
  if (named.relation == nullptr || named.columns.empty()) {
    return make_error(400, "23502", "null value in a column violates its not-null constraint");
  }
  return make_error(400, "23502",
                    fmt::format("null value in column \"{}\" of relation \"{}\" violates not-null constraint",
                                named.columns.front(), named.relation->name));
}

Error check_failed(std::string_view message, const catalog::Snapshot* schema) {
  const NamedCheck named = named_check(message, schema);
  if (named.check == nullptr) {
    const std::string_view what = subject(message);
    const bool is_name = !what.empty() && std::all_of(what.begin(), what.end(), [](unsigned char c) {
      return std::isalnum(c) != 0 || c == '_' || c >= 0x80;
    });
    return make_error(400, "23514",
                      is_name ? fmt::format("new row violates check constraint \"{}\"", what)
                              : std::string("new row violates a check constraint"));
  }
  return check_violation(named.relation->name, named.check->name);
}

Error constraint(int code, std::string_view message, const catalog::Snapshot* schema) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return unique(message, schema);
    case SQLITE_CONSTRAINT_NOTNULL:
      return not_null(message, schema);
    case SQLITE_CONSTRAINT_CHECK:
      return check_failed(message, schema);
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return make_error(409, "23503", "insert, update or delete violates a foreign key constraint");
    case SQLITE_CONSTRAINT_TRIGGER:
      return make_error(400, "P0001", std::string(message));  // RAISE(…): the schema's words
    case SQLITE_CONSTRAINT_DATATYPE: {
      // "cannot store TEXT value in INTEGER column t.c", of STRICT tables.
      const auto at = message.rfind(' ');
      const std::string_view column = at == std::string_view::npos ? std::string_view{} : message.substr(at + 1);
      return make_error(400, "22P02", fmt::format("invalid input for the type of column \"{}\"", column));
    }
    default:
      return make_error(409, "23000", "the change violates a constraint");
  }
}

bool mentions(std::string_view message, std::string_view what) { return message.find(what) != std::string_view::npos; }

/// SQLITE_ERROR says what went wrong in its message only.
Error generic(std::string_view message) {
  if (message.starts_with("no such table: ")) {
    return make_error(404, "42P01", fmt::format("relation \"{}\" does not exist", subject(message)));
  }
  if (message.starts_with("no such column: ")) {
    return make_error(400, "42703", fmt::format("column {} does not exist", subject(message)));
  }
  if (mentions(message, "malformed JSON")) return make_error(400, "22P02", "invalid input syntax for type json");
  if (mentions(message, "JSON path error") || mentions(message, "bad JSON path")) {
    return make_error(400, "22023", "invalid JSON path");
  }
  if (mentions(message, "integer overflow")) return make_error(400, "22003", "bigint out of range");
  if (mentions(message, "pattern too complex")) return make_error(400, "54000", "the pattern is too long");
  if (mentions(message, "fts5")) return make_error(400, "42601", "syntax error in the full text query");
  if (mentions(message, "unable to use function MATCH")) {
    return make_error(400, "0A000", "full text search needs a full text index on this relation")
        .with_hint("create an FTS5 table with content= set to this table");
  }
  if (mentions(message, "parser stack overflow") || mentions(message, "too large") || mentions(message, "too many") ||
      mentions(message, "tables in a join")) {
    return make_error(400, "54001", "the request is too complex for the database")
        .with_hint("ask for fewer embedded relations or conditions");
  }
  if (mentions(message, "cannot modify") && mentions(message, "view")) {
    return make_error(405, "55000", "cannot write to this view");
  }
  if (mentions(message, "cannot start a transaction")) return make_error(500, "XX000", "the database refused");
  return make_error(500, "XX000", "the database could not run the statement");
}

}  // namespace

Error deadline_passed() {
  return make_error(504, "BLST504", "the request's deadline passed before the database was through")
      .with_hint("ask for less, or add an index that serves the filter");
}

Error unique_violation(std::string_view name) {
  if (name.empty()) return make_error(409, "23505", "duplicate key value violates a unique constraint");
  return make_error(409, "23505", fmt::format("duplicate key value violates unique constraint \"{}\"", name));
}

Error check_violation(std::string_view relation, std::string_view name) {
  return make_error(400, "23514",
                    fmt::format("new row for relation \"{}\" violates check constraint \"{}\"", relation, name));
}

Error missing_parent(std::string_view relation, std::string_view name) {
  return make_error(
      409, "23503",
      fmt::format("insert or update on table \"{}\" violates foreign key constraint \"{}\"", relation, name));
}

Error still_referenced(std::string_view relation, std::string_view name, std::string_view child) {
  return make_error(
      409, "23503",
      fmt::format("update or delete on table \"{}\" violates foreign key constraint \"{}\" on table \"{}\"", relation,
                  name, child));
}

const catalog::UniqueKey* unique_key(const catalog::Relation& relation, const std::vector<std::string>& columns) {
  for (const auto& key : relation.unique_keys) {
    if (same_columns(key.columns, columns)) return &key;
  }
  return nullptr;
}

Named named_columns(std::string_view message, const catalog::Snapshot* schema) {
  Named named;
  if (schema == nullptr) return named;
  std::string_view rest = subject(message);
  // "t.a, t.b": the table is the longest known relation that the text starts with.
  for (const auto& relation : schema->relations()) {
    if (rest.size() <= relation.name.size() || rest[relation.name.size()] != '.') continue;
    if (!rest.starts_with(relation.name)) continue;
    if (named.relation == nullptr || relation.name.size() > named.relation->name.size()) named.relation = &relation;
  }
  if (named.relation == nullptr) return named;
  const std::string prefix = named.relation->name + '.';
  const std::string separator = ", " + prefix;
  while (rest.starts_with(prefix)) {
    rest.remove_prefix(prefix.size());
    const auto end = rest.find(separator);
    named.columns.emplace_back(rest.substr(0, end));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 2);
  }
  return named;
}

NamedCheck named_check(std::string_view message, const catalog::Snapshot* schema) {
  NamedCheck named;
  if (schema == nullptr) return named;
  const std::string_view what = subject(message);
  const std::string expression = squeezed(what);
  for (const auto& relation : schema->relations()) {
    for (const auto& check : relation.checks) {
      if (check.name == what) return {&relation, &check};
      if (named.check == nullptr && squeezed(check.expression) == expression) named = {&relation, &check};
    }
  }
  return named;
}

Error map_error(int code, std::string_view message, const catalog::Snapshot* schema) {
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      return constraint(code, message, schema);
    case SQLITE_ERROR:
      return generic(message);
    case SQLITE_MISMATCH:
      return make_error(400, "22P02", "invalid input for an integer primary key");
    case SQLITE_TOOBIG:
      return make_error(400, "54000", "a value is too large for the database");
    case SQLITE_INTERRUPT:
      return deadline_passed();
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return unavailable("BLST601", "the database is locked by another process", 1);
    case SQLITE_FULL:
      return unavailable("BLST602", "the disk that holds the database is full", 30);
    case SQLITE_READONLY:
      if (code == SQLITE_READONLY_DBMOVED) {
        return make_error(503, "BLST610", "the database's file was moved or removed while it was served")
            .with_hint("put it back where it was, or restart the server");
      }
      return make_error(503, "BLST603", "the database cannot be written: it is read-only");
    case SQLITE_CORRUPT:
      return make_error(503, "BLST604", "the database file is damaged");
    case SQLITE_IOERR:
      // Running out of memory for the WAL index reports itself as an I/O error.
      if (code == SQLITE_IOERR_NOMEM) return unavailable("BLST607", "the database ran out of memory", 5);
      return unavailable("BLST605", "the database's disk reported an error", 5);
    case SQLITE_CANTOPEN:
      return unavailable("BLST606", "the database file cannot be opened", 5);
    case SQLITE_NOMEM:
      return unavailable("BLST607", "the database ran out of memory", 5);
    case SQLITE_NOTADB:
      return make_error(503, "BLST608", "the file is not a SQLite database");
    case SQLITE_SCHEMA:
      return unavailable("BLST609", "the database's schema changed meanwhile", 1);
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return make_error(503, "BLST606", "the database file cannot be opened: permission denied");
    default:
      return make_error(500, "XX000", "the database could not run the statement");
  }
}

}  // namespace ballast::storage::sqlite
