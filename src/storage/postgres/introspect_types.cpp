#include "storage/postgres/introspect_types.hpp"

#include <algorithm>
#include <cctype>

#include "storage/postgres/type_kinds.hpp"

namespace ballast::storage::postgres {
namespace {

/// Domains over domains; PostgreSQL itself sets no limit.
constexpr int deepest_domain = 32;

}  // namespace

Result<void> IntrospectedTypes::load(PGconn& connection) {
  BALLAST_TRY(const CatalogueRows rows, catalogue_query(connection, R"(
    SELECT t.oid, pg_catalog.format_type(t.oid, NULL), n.nspname, t.typname, t.typtype, t.typbasetype, t.typtypmod,
           CASE WHEN t.typlen = -1 THEN t.typelem ELSE 0 END, t.typrelid, t.typnotnull, j.castsource IS NOT NULL,
           e.labels, CASE WHEN t.typtype = 'e' THEN pg_catalog.obj_description(t.oid, 'pg_type') END
    FROM pg_catalog.pg_type t
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_cast j ON j.castsource = t.oid AND j.casttarget = 'pg_catalog.json'::pg_catalog.regtype
                                      AND j.castmethod = 'f' AND t.oid >= 16384
    LEFT JOIN (SELECT enumtypid, pg_catalog.array_agg(enumlabel::text ORDER BY enumsortorder) AS labels
               FROM pg_catalog.pg_enum GROUP BY enumtypid) e ON e.enumtypid = t.oid)"));
  entries_.reserve(static_cast<std::size_t>(rows.size()));
  for (int i = 0; i < rows.size(); ++i) {
    Entry entry;
    entry.name = rows.text(i, 1);
    entry.schema = rows.text(i, 2);
    entry.plain_name = rows.text(i, 3);
    entry.type = rows.letter(i, 4);
    entry.base = rows.oid(i, 5);
    entry.base_modifier = static_cast<int>(rows.number(i, 6));
    entry.element = rows.oid(i, 7);
    entry.relation = rows.oid(i, 8);
    entry.not_null = rows.truth(i, 9);
    entry.casts_to_json = rows.truth(i, 10);
    entry.labels = rows.list(i, 11);
    entry.comment = rows.text(i, 12);
    entries_.emplace(rows.oid(i, 0), std::move(entry));
  }
  return load_representations(connection);
}

Result<void> IntrospectedTypes::load_representations(PGconn& connection) {
  BALLAST_TRY(const CatalogueRows rows, catalogue_query(connection, R"(
    SELECT CASE WHEN s.typtype = 'd' THEN s.oid ELSE t.oid END, s.typtype = 'd',
           (CASE WHEN s.typtype = 'd' THEN t.oid ELSE s.oid END) = 'pg_catalog.json'::pg_catalog.regtype,
           n.nspname, p.proname
    FROM pg_catalog.pg_cast c
    JOIN pg_catalog.pg_proc p ON p.oid = c.castfunc
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_type s ON s.oid = c.castsource
    JOIN pg_catalog.pg_type t ON t.oid = c.casttarget
    WHERE c.castcontext = 'i' AND c.castmethod = 'f'
      AND (s.typtype = 'd' AND t.oid IN ('pg_catalog.json'::pg_catalog.regtype, 'pg_catalog.text'::pg_catalog.regtype)
        OR t.typtype = 'd' AND s.oid IN ('pg_catalog.json'::pg_catalog.regtype, 'pg_catalog.text'::pg_catalog.regtype)))"));
  for (int i = 0; i < rows.size(); ++i) {
    auto& entry = representations_[rows.oid(i, 0)];
    if (entry == nullptr) entry = std::make_shared<catalog::Representation>();
    const bool from_domain = rows.truth(i, 1);
    const bool json = rows.truth(i, 2);
    auto& place = from_domain ? (json ? entry->to_json : entry->to_text) : (json ? entry->from_json : entry->from_text);
    place = {rows.text(i, 3), rows.text(i, 4)};
  }
  return {};
}

const IntrospectedTypes::Entry* IntrospectedTypes::find(ObjectId oid) const {
  const auto found = entries_.find(oid);
  return found == entries_.end() ? nullptr : &found->second;
}

const IntrospectedTypes::Entry* IntrospectedTypes::base(ObjectId& oid, int& modifier) const {
  const Entry* entry = find(oid);
  for (int depth = 0; entry != nullptr && entry->type == 'd' && depth < deepest_domain; ++depth) {
    if (modifier < 0) modifier = entry->base_modifier;
    oid = entry->base;
    entry = find(oid);
  }
  return entry;
}

catalog::Type IntrospectedTypes::type(ObjectId oid, int modifier, std::string spelling) const {
  catalog::Type type;
  if (const auto found = representations_.find(oid); found != representations_.end()) {
    type.representation = found->second;
  }
  ObjectId base_oid = oid;
  const Entry* const entry = base(base_oid, modifier);
  if (entry == nullptr) {
    type.kind = catalog::Kind::other;
    type.name = spelling;
    type.spelling = std::move(spelling);
    return type;
  }
  // As PostgREST's OpenAPI names them: a domain by a type that everybody knows, otherwise by its own name.
  type.name = entry->schema == "pg_catalog" ? entry->name : find(oid)->name;
  type.spelling = std::move(spelling);
  type.kind = kind_of({base_oid, entry->type, entry->element != 0, entry->casts_to_json});
  const TypeModifier size = size_of(base_oid, modifier);
  type.precision = size.precision;
  type.scale = size.scale;
  type.structure = structure(oid);
  return type;
}

std::shared_ptr<const catalog::Structure> IntrospectedTypes::structure(ObjectId oid) const {
  const Entry& entry = *find(oid);
  const bool row = entry.type == 'c' || entry.type == 'p';
  const bool enumeration = entry.type == 'e';
  if (!row && !enumeration && entry.type != 'd' && entry.element == 0 && !entry.casts_to_json) return nullptr;
  if (const auto known = structures_.find(oid); known != structures_.end()) return known->second;
  auto made = std::make_shared<catalog::Structure>();
  made->row = row;
  if (enumeration) made->enumeration = {entry.schema, entry.plain_name, entry.comment, entry.labels};
  if (entry.type == 'd') {
    ObjectId below = oid;
    int modifier = -1;
    base(below, modifier);
    made->base = shared(below, modifier);
  }
  if (entry.element != 0) made->element = shared(entry.element, -1);
  structures_.emplace(oid, made);
  return made;
}

std::shared_ptr<const catalog::Type> IntrospectedTypes::shared(ObjectId oid, int modifier) const {
  const Entry* const entry = find(oid);
  if (entry == nullptr) return nullptr;
  return std::make_shared<const catalog::Type>(type(oid, modifier, entry->name));
}

bool IntrospectedTypes::not_null(ObjectId oid) const {
  const Entry* entry = find(oid);
  for (int depth = 0; entry != nullptr && entry->type == 'd' && depth < deepest_domain; ++depth) {
    if (entry->not_null) return true;
    entry = find(entry->base);
  }
  return false;
}

const std::vector<std::string>& IntrospectedTypes::labels(ObjectId oid) const {
  static const std::vector<std::string> none;
  int modifier = -1;
  const Entry* const entry = base(oid, modifier);
  return entry == nullptr ? none : entry->labels;
}

ObjectId IntrospectedTypes::relation(ObjectId oid) const {
  int modifier = -1;
  const Entry* const entry = base(oid, modifier);
  return entry == nullptr ? 0 : entry->relation;
}

std::string IntrospectedTypes::media_type(ObjectId oid) const {
  const Entry* const entry = find(oid);
  if (entry == nullptr || entry->type != 'd' || entry->plain_name.find('/') == std::string::npos) return {};
  std::string name = entry->plain_name;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

}  // namespace ballast::storage::postgres
