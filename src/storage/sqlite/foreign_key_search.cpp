#include "storage/sqlite/foreign_key_search.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sql/dialect.hpp"
#include "storage/sqlite/error.hpp"
#include "storage/sqlite/inserted_row.hpp"

namespace ballast::storage::sqlite {
namespace {

using catalog::ForeignKey;
using catalog::Relation;
using Values = std::vector<sql::Param>;

/// Changes looked at. A statement that breaks a key does so in one of the first, or it stays unnamed.
constexpr std::size_t change_limit = 256;
/// VM instructions for one lookup: plenty where the key has an index, which a referenced key always has.
constexpr std::uint32_t lookup_steps = 50'000;

sql::Param param_of(sqlite3_value* value) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      return static_cast<std::int64_t>(sqlite3_value_int64(value));
    case SQLITE_FLOAT:
      return sqlite3_value_double(value);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
      return std::string(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
      return sql::Blob{std::string(bytes, static_cast<std::size_t>(sqlite3_value_bytes(value)))};
    }
    default:
      return sql::Null{};
  }
}

/// A key that a changed row may have broken.
struct Suspect {
  const Relation* child = nullptr;
  const ForeignKey* key = nullptr;
  Values values;
  bool child_changed = false;  ///< the child was written, rather than its parent taken away
};

class Watch {
 public:
  Watch(Connection& connection, const catalog::Snapshot& schema) : handle_(connection.handle()), schema_(schema) {
    sqlite3_preupdate_hook(handle_, on_change, this);
  }
  ~Watch() { sqlite3_preupdate_hook(handle_, nullptr, nullptr); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  const std::vector<Suspect>& suspects() const { return suspects_; }

 private:
  static void on_change(void* self, sqlite3*, int op, const char*, const char* table, sqlite3_int64,
                        sqlite3_int64) noexcept {
    try {
      static_cast<Watch*>(self)->changed(op, table);
    } catch (...) {  // out of memory: the search finds less
    }
  }

  void changed(int op, const char* table) {
    if (suspects_.size() >= change_limit) return;
    const Relation* relation = schema_.relation("public", table);
    if (relation == nullptr) return;
    if (op != SQLITE_DELETE) {
      for (const auto& key : relation->foreign_keys) suspect(*relation, *relation, key, key.columns, true);
    }
    if (op == SQLITE_INSERT) return;
    for (const auto& child : schema_.relations()) {
      for (const auto& key : child.foreign_keys) {
        if (key.relation == relation->name) suspect(*relation, child, key, key.referenced_columns, false);
      }
    }
  }

  void suspect(const Relation& changed, const Relation& child, const ForeignKey& key,
               const std::vector<std::string>& columns, bool child_changed) {
    Suspect found{&child, &key, {}, child_changed};
    for (const auto& name : columns) {
      const Relation& relation = changed;
      const auto at = std::find_if(relation.columns.begin(), relation.columns.end(),
                                   [&](const auto& column) { return column.name == name; });
      if (at == relation.columns.end()) return;
      const int index = static_cast<int>(at - relation.columns.begin());
      sqlite3_value* value = nullptr;
      const int code =
          child_changed ? sqlite3_preupdate_new(handle_, index, &value) : sqlite3_preupdate_old(handle_, index, &value);
      if (code != SQLITE_OK || value == nullptr || sqlite3_value_type(value) == SQLITE_NULL) return;
      found.values.push_back(param_of(value));
    }
    suspects_.push_back(std::move(found));
  }

  sqlite3* handle_;
  const catalog::Snapshot& schema_;
  std::vector<Suspect> suspects_;
};

enum class Presence { no, yes, unknown };

Presence has_row(Connection& connection, const std::string& relation, const std::vector<std::string>& columns,
                 const Values& values) {
  sql::Statement lookup{"SELECT 1 FROM main.", values};
  sql::quote_identifier(lookup.text, relation);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    lookup.text += i == 0 ? " WHERE " : " AND ";
    sql::quote_identifier(lookup.text, columns[i]);
    lookup.text += " = ?" + std::to_string(i + 1);
  }
  lookup.text += " LIMIT 1";
  const Ran ran = connection.run(lookup, nullptr, {.steps = lookup_steps});
  if (!ran.ok()) return Presence::unknown;
  return ran.outcome.rows > 0 ? Presence::yes : Presence::no;
}

std::string key_text(const std::vector<std::string>& columns, const Values& values, const Relation* relation) {
  std::string names;
  std::string shown_values;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) {
      names += ", ";
      shown_values += ", ";
    }
    names += columns[i];
    const catalog::Column* column = relation != nullptr ? relation->column(columns[i]) : nullptr;
    shown_values += shown(values[i], column != nullptr ? *column : catalog::Column{});
  }
  return fmt::format("Key ({})=({})", names, shown_values);
}

std::optional<Error> verdict(Connection& connection, const Suspect& suspect, const catalog::Snapshot& schema) {
  const ForeignKey& key = *suspect.key;
  if (has_row(connection, key.relation, key.referenced_columns, suspect.values) != Presence::no) return std::nullopt;
  if (suspect.child_changed) {
    return missing_parent(suspect.child->name, key.name)
        .with_details(fmt::format("{} is not present in table \"{}\".",
                                  key_text(key.columns, suspect.values, suspect.child), key.relation));
  }
  if (has_row(connection, suspect.child->name, key.columns, suspect.values) != Presence::yes) return std::nullopt;
  return still_referenced(key.relation, key.name, suspect.child->name)
      .with_details(
          fmt::format("{} is still referenced from table \"{}\".",
                      key_text(key.referenced_columns, suspect.values, schema.relation("public", key.relation)),
                      suspect.child->name));
}

}  // namespace

std::optional<Error> broken_foreign_key(Connection& connection, const sql::Statement& statement,
                                        const catalog::Snapshot& schema) {
  if (connection.execute("SAVEPOINT search") != SQLITE_OK) return std::nullopt;
  std::optional<Error> found;
  connection.execute("PRAGMA defer_foreign_keys=ON");
  {
    const Watch watch(connection, schema);
    // Without limits: an interrupted write would end the whole transaction.
    const Ran again = connection.run(statement, nullptr, {});
    if (again.ok()) {
      for (const auto& suspect : watch.suspects()) {
        found = verdict(connection, suspect, schema);
        if (found) break;
      }
    }
  }
  if (connection.in_transaction()) {
    connection.execute("ROLLBACK TO search");
    connection.execute("RELEASE search");
    connection.execute("PRAGMA defer_foreign_keys=OFF");
  }
  return found;
}

}  // namespace ballast::storage::sqlite
