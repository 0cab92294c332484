#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/relation.hpp"
#include "sql/statement.hpp"

namespace ballast::storage::sqlite {

/// The relation a statement writes: `INSERT INTO "t"`, `UPDATE "t"`, `DELETE FROM "t"`. Empty for anything else.
std::string written_relation(std::string_view statement);

/// The columns and values of `INSERT INTO "t" ("a", "b") VALUES (?1, ?2)`; empty for any other statement.
struct Assigned {
  std::string column;
  const sql::Param* value = nullptr;
};
std::vector<Assigned> inserted_values(const sql::Statement& statement);

/// A parameter as PostgreSQL's text output shows it; "null" for NULL.
std::string shown(const sql::Param& value, const catalog::Column& column);

}  // namespace ballast::storage::sqlite
