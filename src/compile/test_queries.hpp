#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "compile/compile.hpp"

/// A small catalog and short ways to write operations down, for the tests of this folder.
namespace ballast::compile::testing {

inline catalog::Column make_column(std::string name, std::string type, bool nullable = true) {
  catalog::Column made;
  made.name = std::move(name);
  made.type = catalog::type_named(type);
  made.nullable = nullable;
  return made;
}

inline catalog::Relation make_table(std::string name, std::vector<catalog::Column> columns,
                                    std::vector<std::string> key) {
  catalog::Relation made;
  made.schema = "public";
  made.name = std::move(name);
  made.columns = std::move(columns);
  made.primary_key = key;
  made.has_rowid = true;
  made.estimated_rows = 1000;
  if (!key.empty()) made.unique_keys.push_back({made.name + "_pkey", std::move(key), true});
  return made;
}

inline void add_reference(catalog::Relation& from, std::string column, std::string target) {
  from.foreign_keys.push_back({from.name + "_" + column + "_fkey", "public", std::move(target), {column}, {"id"}});
}

/// artists ⟵ albums ⟵ tracks ⟷ playlists (through playlist_tracks); employees have a manager.
inline const catalog::Snapshot& music() {
  static const catalog::Snapshot snapshot = [] {
    std::vector<catalog::Relation> all;
    all.push_back(make_table("artists", {make_column("id", "integer", false), make_column("name", "text")}, {"id"}));
    auto albums = make_table(
        "albums",
        {make_column("id", "integer", false), make_column("title", "text", false), make_column("artist_id", "integer"),
         make_column("data", "jsonb"), make_column("released", "date"), make_column("live", "boolean"),
         make_column("price", "numeric(10,2)"), make_column("added", "timestamptz")},
        {"id"});
    add_reference(albums, "artist_id", "artists");
    albums.full_text = "albums_fts";
    all.push_back(std::move(albums));
    auto tracks = make_table("tracks",
                             {make_column("id", "integer", false), make_column("name", "text"),
                              make_column("album_id", "integer"), make_column("ms", "integer")},
                             {"id"});
    add_reference(tracks, "album_id", "albums");
    all.push_back(std::move(tracks));
    all.push_back(make_table("playlists", {make_column("id", "integer", false), make_column("name", "text")}, {"id"}));
    auto both = make_table("playlist_tracks",
                           {make_column("playlist_id", "integer", false), make_column("track_id", "integer", false)},
                           {"playlist_id", "track_id"});
    add_reference(both, "playlist_id", "playlists");
    add_reference(both, "track_id", "tracks");
    all.push_back(std::move(both));
    auto employees = make_table(
        "employees",
        {make_column("id", "integer", false), make_column("name", "varchar(10)"), make_column("boss_id", "integer")},
        {"id"});
    add_reference(employees, "boss_id", "employees");
    all.push_back(std::move(employees));
    return catalog::Snapshot(std::move(all), {"public"}, 1);
  }();
  return snapshot;
}

inline query::ColumnPath column(std::string_view relation, std::string name) {
  const auto* known = music().relation("public", relation);
  const auto* found = known != nullptr ? known->column(name) : nullptr;
  query::ColumnPath path;
  if (found != nullptr) path.type = found->type;
  path.column = std::move(name);
  return path;
}

inline query::Read read(std::string relation, std::vector<std::string> columns = {}) {
  query::Read made;
  made.schema = "public";
  for (auto& name : columns) {
    auto path = column(relation, name);
    made.outputs.emplace_back(query::ColumnOutput{std::move(name), std::move(path)});
  }
  made.relation = std::move(relation);
  return made;
}

/// The relationship from `source` to `target`; to-one when `to_one`, else the to-many one.
inline query::EmbedOutput embed(std::string_view source, std::string_view target, query::Read child,
                                bool to_one = false) {
  query::EmbedOutput made;
  made.alias = target;
  for (const auto& relationship : music().relationships("public", source)) {
    if (relationship.target == target && relationship.to_one() == to_one) made.relationship = relationship;
  }
  made.child = std::move(child);
  return made;
}

inline query::Predicate compare(query::ColumnPath path, query::Op op, std::string value, int slot = -1) {
  return {query::Compare{std::move(path), op, query::Quantifier::one, {{std::move(value), slot}}}};
}

inline query::Predicate both(std::vector<query::Predicate> all) { return {query::And{std::move(all)}}; }

inline Plan planned(const query::Operation& operation, const sql::Dialect& dialect = sql::sqlite()) {
  auto plan = compile(operation, music(), dialect);
  if (!plan) throw std::runtime_error(plan.error().code + " " + plan.error().message);
  return *std::move(plan);
}

inline std::string sqlite_text(const query::Operation& operation) {
  return planned(operation, sql::sqlite()).statements.at(0).text;
}
inline std::string postgres_text(const query::Operation& operation) {
  return planned(operation, sql::postgres()).statements.at(0).text;
}

}  // namespace ballast::compile::testing
