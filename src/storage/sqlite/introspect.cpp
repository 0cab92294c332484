#include "storage/sqlite/introspect.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <unordered_map>

#include "sql/dialect.hpp"
#include "storage/sqlite/constraint_names.hpp"
#include "storage/sqlite/ddl.hpp"
#include "storage/sqlite/ddl_tokens.hpp"
#include "storage/sqlite/error.hpp"
#include "storage/sqlite/types.hpp"

namespace ballast::storage::sqlite {
namespace {

using catalog::Relation;

/// Rows are counted outright up to here; beyond it the largest rowid is near enough.
constexpr int count_limit = 200;
/// What a look at a view's first row, or a count, may cost: a view can be an arbitrarily long query.
constexpr std::uint32_t probe_steps = 20'000;

/// One row of an introspection query.
class Row {
 public:
  explicit Row(std::span<const sql::Cell> cells) : cells_(cells) {}
  bool null(std::size_t i) const { return cells_[i].kind == sql::Cell::Kind::null; }
  std::int64_t integer(std::size_t i) const { return cells_[i].integer; }
  std::string text(std::size_t i) const {
    const sql::Cell& cell = cells_[i];
    if (cell.kind == sql::Cell::Kind::integer) return std::to_string(cell.integer);
    return std::string(cell.text);
  }
  sql::Cell::Kind kind(std::size_t i) const { return cells_[i].kind; }
  std::size_t size() const { return cells_.size(); }

 private:
  std::span<const sql::Cell> cells_;
};

class Rows final : public sql::RowSink {
 public:
  explicit Rows(std::function<void(const Row&)> take) : take_(std::move(take)) {}
  Result<void> row(std::span<const sql::Cell> cells) override {
    take_(Row(cells));
    return {};
  }
  void restart() override {}
  std::size_t bytes() const noexcept override { return 0; }

 private:
  std::function<void(const Row&)> take_;
};

bool hidden_name(std::string_view name) {
  const auto starts = [&](std::string_view prefix) {
    return name.size() >= prefix.size() && same_name(name.substr(0, prefix.size()), prefix);
  };
  return starts("sqlite_") || starts("ballast_");
}

std::string quoted(std::string_view name) {
  std::string out;
  sql::quote_identifier(out, name);
  return out;
}

class Introspection {
 public:
  explicit Introspection(Connection& connection) : connection_(connection) {}

  Result<catalog::SnapshotPtr> run(const catalog::Declarations& tables) {
    BALLAST_TRY(const std::int64_t version, schema_version(connection_));
    BALLAST_CHECKED(load_schema_text());
    BALLAST_CHECKED(load_statistics());
    BALLAST_CHECKED(query("SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main' ORDER BY name", {},
                          [this](const Row& row) {
                            const std::string type = row.text(1);
                            if (type == "shadow" || hidden_name(row.text(0))) return;
                            Relation& relation = relations_.emplace_back();
                            relation.schema = "public";
                            relation.name = row.text(0);
                            relation.is_view = type == "view";
                            relation.has_rowid = type == "table" && row.integer(2) == 0;
                          }));
    std::erase_if(relations_, [this](Relation& relation) { return !describe(relation); });
    for (auto& relation : relations_) resolve(relation);
    link_full_text();
    for (auto& relation : relations_) {
      name_constraints(relation);
      estimate(relation);
    }
    BALLAST_CHECKED(catalog::declare(relations_, tables));
    return std::make_shared<const catalog::Snapshot>(std::move(relations_), std::vector<std::string>{"public"},
                                                     version);
  }

 private:
  Result<void> query(const std::string& text, std::vector<sql::Param> params, std::function<void(const Row&)> take,
                     const Limits& limits = {}) {
    Rows rows(std::move(take));
    const sql::Statement statement{text, std::move(params)};
    const Ran ran = connection_.run(statement, &rows, limits);
    if (!ran.ok()) return map_error(ran.code, ran.message, nullptr);
    return {};
  }

  Result<void> load_schema_text() {
    return query("SELECT type, name, tbl_name, sql FROM main.sqlite_schema WHERE sql IS NOT NULL", {},
                 [this](const Row& row) {
                   const std::string type = row.text(0);
                   if (type == "table") ddl_.emplace(row.text(1), parse_ddl(row.text(3)));
                   if (type == "trigger") {
                     const auto instead = parse_ddl(row.text(3)).instead_of;
                     if (instead != Ddl::Instead::none) instead_[row.text(2)].push_back(instead);
                   }
                 });
  }

  Result<void> load_statistics() {
    bool present = false;
    BALLAST_CHECKED(
        query("SELECT 1 FROM main.sqlite_schema WHERE name = 'sqlite_stat1'", {}, [&](const Row&) { present = true; }));
    if (!present) return {};
    return query("SELECT tbl, stat FROM main.sqlite_stat1", {}, [this](const Row& row) {
      const double rows = std::strtod(row.text(1).c_str(), nullptr);
      auto& known = statistics_[row.text(0)];
      known = std::max(known, rows);
    });
  }

  /// False when the relation cannot be described: a view over what no longer exists.
  bool describe(Relation& relation) {
    const Ddl& ddl = ddl_[relation.name];
    std::map<std::int64_t, std::string> primary;
    bool typed = true;
    const auto columns = query("SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?1)",
                               {relation.name}, [&](const Row& row) {
                                 const std::int64_t hidden = row.integer(5);
                                 if (hidden == 1) return;  // a virtual table's argument
                                 catalog::Column& column = relation.columns.emplace_back();
                                 column.name = row.text(0);
                                 column.type = type_of(row.text(1));
                                 typed = typed && !row.text(1).empty();
                                 column.nullable = row.integer(2) == 0;
                                 column.generated = hidden == 2 || hidden == 3;
                                 if (!row.null(3) && !column.generated) column.default_text = row.text(3);
                                 if (row.integer(4) > 0) {
                                   primary.emplace(row.integer(4), column.name);
                                   column.nullable = false;
                                   column.identity = relation.has_rowid && same_name(row.text(1), "INTEGER");
                                 }
                               });
    if (!columns || relation.columns.empty()) return false;
    for (auto& [position, name] : primary) relation.primary_key.push_back(name);
    if (primary.size() != 1) {
      for (auto& column : relation.columns) column.identity = false;
    }
    relation.is_full_text = ddl.module == "fts5";
    if (relation.is_view) {
      const auto& instead = instead_[relation.name];
      const auto does = [&](Ddl::Instead what) {
        return std::find(instead.begin(), instead.end(), what) != instead.end();
      };
      relation.insertable = does(Ddl::Instead::insert);
      relation.updatable = does(Ddl::Instead::update);
      relation.deletable = does(Ddl::Instead::delete_);
      return typed || guess_types(relation);
    }
    if (!typed && !guess_types(relation)) return false;
    return describe_keys(relation, ddl) && describe_foreign_keys(relation, ddl) && describe_checks(relation, ddl);
  }

  /// A view's expressions, and columns declared without a type: their first row's values say. False when it fails.
  bool guess_types(Relation& relation) {
    const auto looked = query("SELECT * FROM main." + quoted(relation.name) + " LIMIT 1", {},
                              [&](const Row& row) {
                                for (std::size_t i = 0; i < relation.columns.size() && i < row.size(); ++i) {
                                  catalog::Type& type = relation.columns[i].type;
                                  if (type.kind != catalog::Kind::text || type.name != "text") continue;
                                  if (row.kind(i) == sql::Cell::Kind::integer) type = catalog::type_named("bigint");
                                  if (row.kind(i) == sql::Cell::Kind::real)
                                    type = catalog::type_named("double precision");
                                  if (row.kind(i) == sql::Cell::Kind::blob) type = catalog::type_named("bytea");
                                }
                              },
                              {.steps = probe_steps});
    return looked.ok() || looked.error().code == "BLST504";
  }

  static std::string key_name(const Ddl& ddl, const std::vector<std::string>& columns, bool primary) {
    for (const auto& key : ddl.keys) {
      if (key.primary == primary && std::equal(key.columns.begin(), key.columns.end(), columns.begin(), columns.end(),
                                               [](const auto& a, const auto& b) { return same_name(a, b); })) {
        return key.name;
      }
    }
    return {};
  }

  bool describe_keys(Relation& relation, const Ddl& ddl) {
    if (!relation.primary_key.empty()) {
      relation.unique_keys.push_back({key_name(ddl, relation.primary_key, true), relation.primary_key, true});
    }
    struct Listed {
      std::string name;
      std::string origin;
      bool unique = false;
      bool partial = false;
    };
    std::vector<Listed> indexes;
    if (!query("SELECT name, origin, \"unique\", partial FROM pragma_index_list(?1) ORDER BY seq DESC", {relation.name},
               [&](const Row& row) {
                 indexes.push_back({row.text(0), row.text(1), row.integer(2) != 0, row.integer(3) != 0});
               })) {
      return false;
    }
    for (const auto& listed : indexes) {
      catalog::Index index;
      index.name = listed.name;
      index.unique = listed.unique && !listed.partial;
      if (!query("SELECT name, cid FROM pragma_index_xinfo(?1) WHERE key ORDER BY seqno", {listed.name},
                 [&](const Row& row) { index.columns.push_back(row.integer(1) < 0 ? std::string() : row.text(0)); })) {
        return false;
      }
      const bool plain = std::none_of(index.columns.begin(), index.columns.end(), [](auto& c) { return c.empty(); });
      if (listed.origin == "u") {
        relation.unique_keys.push_back({key_name(ddl, index.columns, false), index.columns, false});
      } else if (listed.origin == "c" && index.unique && plain) {
        relation.unique_keys.push_back({index.name, index.columns, false});
      }
      // Where the primary key has an index of its own, it is not the rowid, and nothing numbers it.
      if (listed.origin == "pk" && relation.primary_key.size() == 1) {
        for (auto& column : relation.columns) column.identity = false;
      }
      relation.indexes.push_back(std::move(index));
    }
    return true;
  }

  bool describe_foreign_keys(Relation& relation, const Ddl& ddl) {
    std::int64_t current = -1;
    // The highest id was declared first.
    const auto listed =
        query("SELECT id, \"table\", \"from\", \"to\" FROM pragma_foreign_key_list(?1) ORDER BY id DESC, seq",
              {relation.name}, [&](const Row& row) {
                if (row.integer(0) != current) {
                  current = row.integer(0);
                  relation.foreign_keys.push_back({"", "public", row.text(1), {}, {}});
                }
                auto& key = relation.foreign_keys.back();
                key.columns.push_back(row.text(2));
                if (!row.null(3)) key.referenced_columns.push_back(row.text(3));
              });
    if (!listed) return false;
    for (std::size_t i = 0; i < relation.foreign_keys.size() && i < ddl.references.size(); ++i) {
      // The order is the same unless the text was not understood; the columns tell.
      const auto& declared = ddl.references[i];
      auto& key = relation.foreign_keys[i];
      if (std::equal(declared.columns.begin(), declared.columns.end(), key.columns.begin(), key.columns.end(),
                     [](const auto& a, const auto& b) { return same_name(a, b); })) {
        key.name = declared.name;
      }
    }
    return true;
  }

  static bool describe_checks(Relation& relation, const Ddl& ddl) {
    for (const auto& check : ddl.checks) {
      relation.checks.push_back({check.name, check.expression});
      for (auto& column : relation.columns) {
        auto values = enumerated(check.expression, column.name);
        if (!values.empty()) column.enum_values = std::move(values);
      }
    }
    return true;
  }

  /// Names in foreign keys as their targets spell them; left-out columns are the target's primary key.
  void resolve(Relation& relation) {
    const auto as_spelled = [](const Relation& of, std::string& name) {
      for (const auto& column : of.columns) {
        if (same_name(column.name, name)) name = column.name;
      }
    };
    for (auto& key : relation.foreign_keys) {
      for (auto& column : key.columns) as_spelled(relation, column);
      for (const auto& target : relations_) {
        if (!same_name(target.name, key.relation)) continue;
        key.relation = target.name;
        if (key.referenced_columns.empty()) key.referenced_columns = target.primary_key;
        for (auto& column : key.referenced_columns) as_spelled(target, column);
      }
    }
    // A key whose target is missing or does not fit can never hold and joins nothing.
    std::erase_if(relation.foreign_keys,
                  [](const auto& key) { return key.columns.size() != key.referenced_columns.size(); });
  }

  void link_full_text() {
    for (auto& index : relations_) {
      if (!index.is_full_text) continue;
      const std::string content = option(ddl_[index.name], "content");
      if (content.empty()) continue;
      for (auto& relation : relations_) {
        if (!same_name(relation.name, content)) continue;
        relation.full_text = index.name;
        index.hidden = true;
      }
    }
  }

  void estimate(Relation& relation) {
    if (relation.is_view) return;
    if (const auto known = statistics_.find(relation.name); known != statistics_.end()) {
      relation.estimated_rows = known->second;
      return;
    }
    const std::string name = "main." + quoted(relation.name);
    const auto take = [&](const Row& row) { relation.estimated_rows = static_cast<double>(row.integer(0)); };
    // A failure leaves zero, which is what an estimate may be.
    (void)query("SELECT count(*) FROM (SELECT 1 FROM " + name + " LIMIT " + std::to_string(count_limit) + ")", {}, take,
                {.steps = probe_steps})
        .ok();
    if (relation.estimated_rows < count_limit || !relation.has_rowid) return;
    const bool shadowed = std::any_of(relation.columns.begin(), relation.columns.end(),
                                      [](const auto& column) { return same_name(column.name, "_rowid_"); });
    if (!shadowed) (void)query("SELECT max(_rowid_) FROM " + name, {}, take, {.steps = probe_steps}).ok();
  }

  Connection& connection_;
  std::vector<Relation> relations_;
  std::unordered_map<std::string, Ddl> ddl_;
  std::unordered_map<std::string, std::vector<Ddl::Instead>> instead_;
  std::unordered_map<std::string, double> statistics_;
};

}  // namespace

Result<std::int64_t> schema_version(Connection& connection) {
  std::int64_t version = 0;
  Rows rows([&](const Row& row) { version = row.integer(0); });
  const Ran ran = connection.run({"PRAGMA schema_version", {}}, &rows, {});
  if (!ran.ok()) return map_error(ran.code, ran.message, nullptr);
  return version;
}

Result<catalog::SnapshotPtr> introspect(Connection& connection, const catalog::Declarations& tables) {
  if (const int code = connection.execute("BEGIN"); code != SQLITE_OK) {
    return map_error(code, connection.message(), nullptr);
  }
  auto snapshot = Introspection(connection).run(tables);
  if (connection.execute("COMMIT") != SQLITE_OK && connection.in_transaction()) connection.execute("ROLLBACK");
  return snapshot;
}

}  // namespace ballast::storage::sqlite
