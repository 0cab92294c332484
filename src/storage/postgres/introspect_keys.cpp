#include "storage/postgres/introspect_keys.hpp"

#include <algorithm>
#include <set>

namespace ballast::storage::postgres {
namespace {

struct Key {
  std::string name;
  ObjectId table = 0;
  AttributeNumbers columns;
  std::string comment;
};

struct Reference {
  ObjectId table = 0;
  AttributeNumbers columns;
};

void add_unique(const Key& key, bool primary, const ViewOrigins& views, IntrospectedRelations& relations) {
  catalog::Relation* const table = relations.find(key.table);
  if (table == nullptr) return;
  auto names = relations.names(key.table, key.columns);
  if (primary) table->primary_key = names;
  table->unique_keys.push_back({key.name, std::move(names), primary});
  std::set<ObjectId> seen;
  for (const auto& shown : views.showing(key.table, key.columns)) {
    catalog::Relation* const view = relations.find(shown.view);
    if (view == nullptr) continue;
    names = relations.names(shown.view, shown.columns);
    // A view of several tables has the primary keys of all; what it shows twice counts once.
    if (primary && seen.insert(shown.view).second) {
      auto& all = view->primary_key;
      for (const auto& name : names) {
        if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
      }
    }
    view->unique_keys.push_back({key.name, std::move(names), primary});
  }
}

/// Where columns of a table are to be found: there, and in the views that show them.
std::vector<ViewOrigins::Shown> places(ObjectId table, const AttributeNumbers& columns, const ViewOrigins& views) {
  std::vector<ViewOrigins::Shown> all{{table, columns}};
  for (auto& shown : views.showing(table, columns)) all.push_back(std::move(shown));
  return all;
}

void add_foreign(const Key& key, const Reference& referenced, const ViewOrigins& views,
                 IntrospectedRelations& relations) {
  const auto targets = places(referenced.table, referenced.columns, views);
  for (const auto& source : places(key.table, key.columns, views)) {
    catalog::Relation* const from = relations.find(source.view);
    if (from == nullptr) continue;
    for (const auto& target : targets) {
      const catalog::Relation* const to = relations.find(target.view);
      if (to == nullptr) continue;
      from->foreign_keys.push_back({key.name, to->schema, to->name, relations.names(source.view, source.columns),
                                    relations.names(target.view, target.columns),
                                    source.view != key.table || target.view != referenced.table, key.comment});
    }
  }
}

}  // namespace

Result<void> load_keys(PGconn& connection, const ViewOrigins& views, IntrospectedRelations& relations) {
  // Constraints with a parent are those that a partition has from its table.
  BALLAST_TRY(const CatalogueRows rows, catalogue_query(connection, R"(
    SELECT k.contype, k.conname, k.conrelid, k.conkey, k.confrelid, k.confkey,
           CASE WHEN k.contype = 'c' THEN pg_catalog.pg_get_expr(k.conbin, k.conrelid) END,
           CASE WHEN k.contype = 'f' THEN pg_catalog.obj_description(k.oid, 'pg_constraint') END
    FROM pg_catalog.pg_constraint k
    JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
    WHERE k.contype IN ('p', 'u', 'f', 'c') AND k.conrelid <> 0 AND k.conparentid = 0
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'ballast')
    ORDER BY k.conrelid, k.contype <> 'p', k.conname)"));
  for (int i = 0; i < rows.size(); ++i) {
    const Key key{rows.text(i, 1), rows.oid(i, 2), rows.numbers(i, 3), rows.text(i, 7)};
    switch (const char type = rows.letter(i, 0)) {
      case 'f':
        add_foreign(key, {rows.oid(i, 4), rows.numbers(i, 5)}, views, relations);
        break;
      case 'c':
        if (auto* const table = relations.find(key.table)) table->checks.push_back({key.name, rows.text(i, 6)});
        break;
      default:
        add_unique(key, type == 'p', views, relations);
    }
  }
  return {};
}

}  // namespace ballast::storage::postgres
