#include "storage/postgres/introspect_relations.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace ballast::storage::postgres {
namespace {

using catalog::RelationKind;

RelationKind kind_of(char relkind, bool is_partition) {
  if (is_partition) return RelationKind::partition;
  switch (relkind) {
    case 'p':
      return RelationKind::partitioned_table;
    case 'f':
      return RelationKind::foreign_table;
    case 'v':
      return RelationKind::view;
    case 'm':
      return RelationKind::materialized_view;
    default:
      return RelationKind::table;
  }
}

/// Bits of pg_relation_is_updatable: one per command, numbered as in nodes.h (CmdType).
constexpr std::int64_t updates = 1 << 2;
constexpr std::int64_t inserts = 1 << 3;
constexpr std::int64_t deletes = 1 << 4;

}  // namespace

Result<void> IntrospectedRelations::load(PGconn& connection, const std::vector<std::string>& schemas,
                                         const IntrospectedTypes& types) {
  BALLAST_CHECKED(load_relations(connection, schemas));
  BALLAST_CHECKED(load_columns(connection, types));
  return load_indexes(connection);
}

Result<void> IntrospectedRelations::load_relations(PGconn& connection, const std::vector<std::string>& schemas) {
  // INSTEAD OF triggers count as what makes a view updatable. A partitioned table that was never analyzed has the rows
  // of its partitions.
  BALLAST_TRY(const CatalogueRows rows, catalogue_query(connection, R"(
    SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition,
           CASE WHEN c.relkind = 'p' AND c.reltuples <= 0
                THEN (SELECT pg_catalog.sum(greatest(p.reltuples, 0)) FROM pg_catalog.pg_partition_tree(c.oid) t
                      JOIN pg_catalog.pg_class p ON p.oid = t.relid WHERE t.isleaf)
                ELSE greatest(c.reltuples, 0) END,
           d.description,
           CASE WHEN c.relkind IN ('v', 'f') THEN pg_catalog.pg_relation_is_updatable(c.oid, true)
                WHEN c.relkind = 'm' THEN 0 ELSE 28 END,
           n.nspname = ANY ($1::text[])
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_description d
           ON d.objoid = c.oid AND d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objsubid = 0
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'ballast')
    ORDER BY n.nspname, c.relname)",
                                                        {array_literal(schemas)}));
  relations_.reserve(static_cast<std::size_t>(rows.size()));
  for (int i = 0; i < rows.size(); ++i) {
    catalog::Relation relation;
    relation.schema = rows.text(i, 1);
    relation.name = rows.text(i, 2);
    relation.kind = kind_of(rows.letter(i, 3), rows.truth(i, 4));
    relation.is_view = relation.kind == RelationKind::view || relation.kind == RelationKind::materialized_view;
    relation.estimated_rows = std::strtod(rows.text(i, 5).c_str(), nullptr);
    relation.comment = rows.text(i, 6);
    const std::int64_t commands = rows.number(i, 7);
    relation.updatable = (commands & updates) != 0;
    relation.insertable = (commands & inserts) != 0;
    relation.deletable = (commands & deletes) != 0;
    relation.hidden = !rows.truth(i, 8) || relation.kind == RelationKind::partition;
    by_oid_.emplace(rows.oid(i, 0), relations_.size());
    relations_.push_back(std::move(relation));
  }
  return {};
}

Result<void> IntrospectedRelations::load_columns(PGconn& connection, const IntrospectedTypes& types) {
  // An identity column that may be written has the default its sequence gives.
  BALLAST_TRY(const CatalogueRows rows, catalogue_query(connection, R"(
    SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod,
           pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity <> '', a.attgenerated <> '',
           CASE WHEN a.attgenerated <> '' THEN NULL
                WHEN a.attidentity = 'd'
                THEN pg_catalog.format('nextval(%L::regclass)', s.sequence)
                ELSE coalesce(pg_catalog.pg_get_expr(e.adbin, e.adrelid), pg_catalog.pg_get_expr(t.typdefaultbin, 0))
           END,
           d.description, s.refobjid IS NOT NULL
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
    LEFT JOIN (SELECT o.refobjid, o.refobjsubid,
                      pg_catalog.min(pg_catalog.format('%I.%I', sn.nspname, sc.relname))
                      FILTER (WHERE o.deptype = 'i') AS sequence
               FROM pg_catalog.pg_depend o
               JOIN pg_catalog.pg_class sc ON sc.oid = o.objid AND sc.relkind = 'S'
               JOIN pg_catalog.pg_namespace sn ON sn.oid = sc.relnamespace
               WHERE o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.deptype IN ('a', 'i')
                 AND o.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.refobjsubid > 0
               GROUP BY o.refobjid, o.refobjsubid) s
           ON s.refobjid = a.attrelid AND s.refobjsubid = a.attnum
    LEFT JOIN pg_catalog.pg_description d
           ON d.objoid = a.attrelid AND d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
          AND d.objsubid = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'ballast')
    ORDER BY a.attrelid, a.attnum)"));
  for (int i = 0; i < rows.size(); ++i) {
    const ObjectId oid = rows.oid(i, 0);
    catalog::Relation* const relation = find(oid);
    const auto number = static_cast<std::size_t>(rows.number(i, 1));
    const ObjectId type = rows.oid(i, 3);
    catalog::Column column;
    column.name = rows.text(i, 2);
    column.type = types.type(type, static_cast<int>(rows.number(i, 4)), rows.text(i, 5));
    column.nullable = !rows.truth(i, 6) && !types.not_null(type);
    column.identity = rows.truth(i, 7);
    column.generated = rows.truth(i, 8);
    if (!rows.null(i, 9)) column.default_text = rows.text(i, 9);
    column.comment = rows.text(i, 10);
    column.serial = rows.truth(i, 11);
    column.enum_values = types.labels(type);
    auto& names = attributes_[oid];
    if (names.size() <= number) names.resize(number + 1);
    names[number] = column.name;
    (relation != nullptr ? relation->columns : composites_[oid]).push_back(std::move(column));
  }
  return {};
}

Result<void> IntrospectedRelations::load_indexes(PGconn& connection) {
  // A partial index is no key that ON CONFLICT would find without its condition.
  BALLAST_TRY(const CatalogueRows rows, catalogue_query(connection, R"(
    SELECT i.indrelid, c.relname, i.indkey::int2[], i.indnkeyatts, i.indisunique AND i.indpred IS NULL
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE i.indisvalid AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'ballast')
    ORDER BY i.indrelid, c.relname)"));
  for (int i = 0; i < rows.size(); ++i) {
    const ObjectId oid = rows.oid(i, 0);
    catalog::Relation* const relation = find(oid);
    if (relation == nullptr) continue;
    auto columns = rows.numbers(i, 2);
    columns.resize(std::min(columns.size(), static_cast<std::size_t>(rows.number(i, 3))));  // without INCLUDE
    relation->indexes.push_back({rows.text(i, 1), names(oid, columns), rows.truth(i, 4)});
  }
  return {};
}

catalog::Relation* IntrospectedRelations::find(ObjectId oid) {
  const auto found = by_oid_.find(oid);
  return found == by_oid_.end() ? nullptr : &relations_[found->second];
}

const catalog::Relation* IntrospectedRelations::find(ObjectId oid) const {
  const auto found = by_oid_.find(oid);
  return found == by_oid_.end() ? nullptr : &relations_[found->second];
}

const std::vector<catalog::Column>* IntrospectedRelations::columns(ObjectId oid) const {
  if (const auto* relation = find(oid)) return &relation->columns;
  const auto found = composites_.find(oid);
  return found == composites_.end() ? nullptr : &found->second;
}

std::vector<std::string> IntrospectedRelations::names(ObjectId oid, const std::vector<std::int64_t>& attributes) const {
  const auto found = attributes_.find(oid);
  std::vector<std::string> all;
  for (const std::int64_t number : attributes) {
    const bool known =
        found != attributes_.end() && number > 0 && static_cast<std::size_t>(number) < found->second.size();
    all.push_back(known ? found->second[static_cast<std::size_t>(number)] : std::string());
  }
  return all;
}

}  // namespace ballast::storage::postgres
