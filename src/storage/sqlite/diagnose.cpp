#include "storage/sqlite/diagnose.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "storage/sqlite/ddl_tokens.hpp"
#include "storage/sqlite/error.hpp"
#include "storage/sqlite/foreign_key_search.hpp"
#include "storage/sqlite/inserted_row.hpp"

namespace ballast::storage::sqlite {
namespace {

/// PostgreSQL shows so many bytes of each value of a failing row.
constexpr std::size_t shown_bytes = 64;
/// A whole check of every foreign key, for the deferred ones: some milliseconds, then it stays unnamed.
constexpr std::uint32_t check_steps = 200'000;

const sql::Param* value_of(const std::vector<Assigned>& row, const std::string& column) {
  const auto found = std::find_if(row.begin(), row.end(), [&](const auto& a) { return same_name(a.column, column); });
  return found == row.end() ? nullptr : found->value;
}

/// `Key (email)=(a@b) already exists.` Empty when a value is not among those given.
std::string taken_key(const std::vector<Assigned>& row, const Named& named) {
  std::string names;
  std::string values;
  for (const auto& name : named.columns) {
    const sql::Param* value = value_of(row, name);
    const catalog::Column* column = named.relation->column(name);
    if (value == nullptr || column == nullptr) return {};
    if (!names.empty()) {
      names += ", ";
      values += ", ";
    }
    names += name;
    values += shown(*value, *column);
  }
  return names.empty() ? std::string() : fmt::format("Key ({})=({}) already exists.", names, values);
}

/// The value of a default that is a literal.
std::optional<std::string> literal(const catalog::Column& column) {
  if (!column.default_text) return "null";
  const auto tokens = tokens_of(*column.default_text);
  if (tokens.size() != 1 || tokens[0].kind == Token::Kind::quoted) return std::nullopt;
  if (tokens[0].kind == Token::Kind::string) return shown(tokens[0].text, column);
  if (tokens[0].is("NULL")) return "null";
  if (tokens[0].is("TRUE")) return shown(true, column);
  if (tokens[0].is("FALSE")) return shown(false, column);
  const bool number =
      std::all_of(tokens[0].text.begin(), tokens[0].text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (number && tokens[0].text.size() < 19) return shown(std::int64_t{std::stoll(tokens[0].text)}, column);
  return std::nullopt;
}

/// `Failing row contains (null, foo).` Empty when a value is not known: numbered by SQLite, or computed.
std::string failing_row(const std::vector<Assigned>& row, const catalog::Relation& relation) {
  std::string out = "Failing row contains (";
  bool first = true;
  for (const auto& column : relation.columns) {
    std::optional<std::string> text;
    if (const sql::Param* value = value_of(row, column.name)) {
      text = shown(*value, column);
    } else if (!column.generated && !column.identity) {
      text = literal(column);
    }
    if (!text) return {};
    if (text->size() > shown_bytes) {
      std::size_t cut = shown_bytes;
      while (cut > 0 && (static_cast<unsigned char>((*text)[cut]) & 0xC0) == 0x80) --cut;
      text->resize(cut);
      *text += "...";
    }
    if (!std::exchange(first, false)) out += ", ";
    out += *text;
  }
  return out + ").";
}

}  // namespace

void diagnose(Connection& connection, const sql::Statement& statement, const Ran& ran, const catalog::Snapshot& schema,
              Error& error) {
  switch (ran.code) {
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      if (auto found = broken_foreign_key(connection, statement, schema)) error = std::move(*found);
      return;
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: {
      const Named named = named_columns(ran.message, &schema);
      if (named.relation == nullptr || written_relation(statement.text) != named.relation->name) return;
      error.details = taken_key(inserted_values(statement), named);
      return;
    }
    case SQLITE_CONSTRAINT_NOTNULL:
    case SQLITE_CONSTRAINT_CHECK: {
      const catalog::Relation* relation = schema.relation("public", written_relation(statement.text));
      const auto row = inserted_values(statement);
      if (relation != nullptr && !row.empty()) error.details = failing_row(row, *relation);
      return;
    }
    default:
      return;
  }
}

Error deferred_violation(Connection& connection, const catalog::Snapshot* schema) {
  struct First final : sql::RowSink {
    Result<void> row(std::span<const sql::Cell> cells) override {
      child = cells[0].text;
      parent = cells[2].text;
      id = cells[3].integer;
      return make_error(500, "BLST500", "one is enough");
    }
    void restart() override {}
    std::size_t bytes() const noexcept override { return 0; }
    std::string child;
    std::string parent;
    std::int64_t id = -1;
  } first;
  if (schema != nullptr) connection.run({"PRAGMA foreign_key_check", {}}, &first, {.steps = check_steps});
  const catalog::Relation* child =
      schema != nullptr && !first.child.empty() ? schema->relation("public", first.child) : nullptr;
  if (child != nullptr) {
    // Ids count backwards from the last one declared.
    const auto at = static_cast<std::int64_t>(child->foreign_keys.size()) - 1 - first.id;
    if (at >= 0 && same_name(child->foreign_keys[static_cast<std::size_t>(at)].relation, first.parent)) {
      return missing_parent(child->name, child->foreign_keys[static_cast<std::size_t>(at)].name);
    }
  }
  return make_error(409, "23503", "the transaction leaves a foreign key constraint violated");
}

}  // namespace ballast::storage::sqlite
