#include "storage/postgres/introspect.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>

#include "storage/postgres/connection.hpp"
#include "storage/postgres/failure.hpp"
#include "storage/postgres/privileges.hpp"
#include "storage/postgres/view_columns.hpp"

namespace ballast::storage::postgres {
namespace {

using catalog::Kind;
using Oid32 = std::uint32_t;

struct ResultDeleter {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};

/// The rows of a catalogue query.
class Rows {
 public:
  explicit Rows(PGresult* result) : result_(result) {}
  int size() const { return PQntuples(result_.get()); }
  std::string text(int row, int column) const {
    return {PQgetvalue(result_.get(), row, column), static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
  }
  bool null(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
  bool truth(int row, int column) const { return *PQgetvalue(result_.get(), row, column) == 't'; }
  std::int64_t number(int row, int column) const {
    std::int64_t value = 0;
    const std::string_view text = PQgetvalue(result_.get(), row, column);
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }
  Oid32 oid(int row, int column) const { return static_cast<Oid32>(number(row, column)); }
  /// An array that the query joined by the unit separator.
  std::vector<std::string> list(int row, int column) const {
    std::vector<std::string> parts;
    if (null(row, column)) return parts;
    const std::string all = text(row, column);
    for (std::size_t from = 0; from <= all.size();) {
      const auto end = std::min(all.find('\x1f', from), all.size());
      parts.push_back(all.substr(from, end - from));
      from = end + 1;
    }
    return parts;
  }

 private:
  std::unique_ptr<PGresult, ResultDeleter> result_;
};

std::string array_literal(const std::vector<std::string>& names) {
  std::string out = "{";
  for (const auto& name : names) {
    if (out.size() > 1) out += ',';
    out += '"';
    for (const char c : name) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  return out + "}";
}

Result<Rows> query(PGconn& connection, const char* text, const std::vector<std::string>& params = {}) {
  std::vector<const char*> values;
  for (const auto& param : params) values.push_back(param.c_str());
  PGresult* result =
      PQexecParams(&connection, text, static_cast<int>(values.size()), nullptr, values.data(), nullptr, nullptr, 0);
  Rows rows(result);
  const auto status = PQresultStatus(result);
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return rows;
  return map_failure(failure_of(result));
}

struct TypeRow {
  std::string name;
  char type = 'b';
  Oid32 base = 0;
  int base_modifier = -1;
  Oid32 element = 0;
  Oid32 relation = 0;
  bool not_null = false;
  bool json_cast = false;
  std::vector<std::string> labels;
  catalog::QualifiedName qualified;
};

struct Introspection {
  PGconn& connection;
  const std::vector<std::string>& schemas;
  const std::vector<std::string>& search_path;

  std::unordered_map<Oid32, TypeRow> types;
  std::unordered_map<Oid32, std::shared_ptr<catalog::Representation>> representations;
  std::vector<catalog::Relation> relations;
  std::unordered_map<Oid32, std::size_t> by_oid;
  std::unordered_map<Oid32, std::map<int, std::string>> attributes;
  std::map<std::pair<Oid32, int>, std::vector<std::pair<Oid32, int>>> shown_by;  // column → view columns

  Result<void> load_types();
  Result<void> load_representations();
  Result<void> load_relations();
  Result<void> load_columns();
  Result<void> load_views();
  Result<void> load_keys();
  Result<std::vector<catalog::Function>> load_functions();
  Result<catalog::Extras> load_extras();
  catalog::Type type_of(Oid32 oid, int modifier, const std::string& spelling) const;
  void add_view_keys(const catalog::ForeignKey& key, Oid32 source, const std::vector<int>& source_columns, Oid32 target,
                     const std::vector<int>& target_columns);
  std::vector<std::pair<Oid32, std::vector<int>>> views_of(Oid32 table, const std::vector<int>& columns) const;
};

Kind builtin_kind(Oid32 oid) {
  switch (oid) {
    case 16:
      return Kind::boolean;
    case 20:
    case 21:
    case 23:
      return Kind::integer;
    case 700:
    case 701:
      return Kind::floating;
    case 1700:
      return Kind::numeric;
    case 25:
    case 1042:
    case 1043:
    case 18:
    case 19:
      return Kind::text;
    case 17:
      return Kind::bytea;
    case 1082:
      return Kind::date;
    case 1083:
    case 1266:
      return Kind::time;
    case 1114:
      return Kind::timestamp;
    case 1184:
      return Kind::timestamptz;
    case 1186:
      return Kind::interval;
    case 2950:
      return Kind::uuid;
    case 114:
    case 3802:
      return Kind::json;
    case 3614:
      return Kind::tsvector;
    case 22:  // int2vector
    case 30:  // oidvector
      return Kind::array;
    default:
      return Kind::other;
  }
}

catalog::Type Introspection::type_of(Oid32 oid, int modifier, const std::string& spelling) const {
  catalog::Type type;
  type.spelling = spelling;
  const auto representation = representations.find(oid);
  if (representation != representations.end()) type.representation = representation->second;
  const TypeRow* row = nullptr;
  Oid32 base = oid;
  for (int depth = 0; depth < 32; ++depth) {
    const auto found = types.find(base);
    if (found == types.end()) break;
    row = &found->second;
    if (row->type != 'd') break;
    if (modifier < 0) modifier = row->base_modifier;
    base = row->base;
  }
  if (row == nullptr) {
    type.kind = Kind::other;
    type.name = spelling;
    return type;
  }
  type.name = row->name;
  type.kind = builtin_kind(base);
  if (row->type == 'c' || row->type == 'p') type.kind = Kind::composite;
  if (row->type == 'r' || row->type == 'm') type.kind = Kind::range;
  if (row->element != 0 && type.kind == Kind::other && row->name.ends_with("[]")) type.kind = Kind::array;
  if (type.kind == Kind::other && row->json_cast) type.kind = Kind::composite;
  if (type.kind == Kind::numeric && modifier >= 4) {
    type.precision = (modifier - 4) >> 16;
    type.scale = (modifier - 4) & 0x7FF;
  }
  if (type.kind == Kind::text && modifier > 4 && (base == 1042 || base == 1043)) type.precision = modifier - 4;
  return type;
}

Result<void> Introspection::load_types() {
  BALLAST_TRY(const Rows rows, query(connection, R"(
    SELECT t.oid, pg_catalog.format_type(t.oid, NULL), t.typtype, t.typbasetype, t.typtypmod, t.typelem, t.typrelid,
           t.typnotnull,
           t.oid >= 16384 AND EXISTS (SELECT FROM pg_catalog.pg_cast c WHERE c.castsource = t.oid
                                      AND c.casttarget = 'pg_catalog.json'::regtype AND c.castmethod = 'f'),
           CASE WHEN t.typtype = 'e' THEN (SELECT pg_catalog.string_agg(e.enumlabel, E'\x1f' ORDER BY e.enumsortorder)
                                           FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) END,
           n.nspname, t.typname
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace)"));
  types.reserve(static_cast<std::size_t>(rows.size()));
  for (int i = 0; i < rows.size(); ++i) {
    TypeRow row;
    row.name = rows.text(i, 1);
    row.type = rows.text(i, 2)[0];
    row.base = rows.oid(i, 3);
    row.base_modifier = static_cast<int>(rows.number(i, 4));
    row.element = rows.oid(i, 5);
    row.relation = rows.oid(i, 6);
    row.not_null = rows.truth(i, 7);
    row.json_cast = rows.truth(i, 8);
    row.labels = rows.list(i, 9);
    row.qualified = {rows.text(i, 10), rows.text(i, 11)};
    types.emplace(rows.oid(i, 0), std::move(row));
  }
  return {};
}

Result<void> Introspection::load_representations() {
  BALLAST_TRY(const Rows rows, query(connection, R"(
    SELECT c.castsource, c.casttarget, n.nspname, p.proname
    FROM pg_catalog.pg_cast c
    JOIN pg_catalog.pg_proc p ON p.oid = c.castfunc
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_type s ON s.oid = c.castsource
    JOIN pg_catalog.pg_type t ON t.oid = c.casttarget
    WHERE c.castcontext = 'i' AND c.castmethod = 'f'
      AND (s.typtype = 'd' AND c.casttarget IN (25, 114) OR t.typtype = 'd' AND c.castsource IN (25, 114)))"));
  for (int i = 0; i < rows.size(); ++i) {
    const Oid32 source = rows.oid(i, 0);
    const Oid32 target = rows.oid(i, 1);
    const bool out = target == 25 || target == 114;
    auto& entry = representations[out ? source : target];
    if (entry == nullptr) entry = std::make_shared<catalog::Representation>();
    const catalog::QualifiedName name{rows.text(i, 2), rows.text(i, 3)};
    if (target == 114) entry->to_json = name;
    if (target == 25) entry->to_text = name;
    if (source == 114) entry->from_json = name;
    if (source == 25) entry->from_text = name;
  }
  return {};
}

Result<void> Introspection::load_relations() {
  // Those of other schemas are known too: a junction may be among them. No front end shows them.
  BALLAST_TRY(const Rows rows, query(connection, R"(
    SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition, greatest(c.reltuples, 0),
           pg_catalog.obj_description(c.oid, 'pg_class'),
           CASE WHEN c.relkind IN ('v', 'f') THEN pg_catalog.pg_relation_is_updatable(c.oid, true)
                WHEN c.relkind = 'm' THEN 0 ELSE 28 END,
           n.nspname = ANY($1::text[])
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
      AND n.nspname NOT LIKE 'pg\_temp\_%' AND c.relpersistence <> 't'
    ORDER BY n.nspname, c.relname)",
                                     {array_literal(schemas)}));
  for (int i = 0; i < rows.size(); ++i) {
    catalog::Relation relation;
    relation.schema = rows.text(i, 1);
    relation.name = rows.text(i, 2);
    const char kind = rows.text(i, 3)[0];
    relation.is_view = kind == 'v' || kind == 'm';
    relation.kind = kind == 'v'        ? catalog::RelationKind::view
                    : kind == 'm'      ? catalog::RelationKind::materialized_view
                    : kind == 'f'      ? catalog::RelationKind::foreign_table
                    : kind == 'p'      ? catalog::RelationKind::partitioned_table
                    : rows.truth(i, 4) ? catalog::RelationKind::partition
                                       : catalog::RelationKind::table;
    relation.estimated_rows = std::strtod(rows.text(i, 5).c_str(), nullptr);
    relation.comment = rows.text(i, 6);
    const auto events = rows.number(i, 7);
    relation.updatable = (events & 4) != 0;
    relation.insertable = (events & 8) != 0;
    relation.deletable = (events & 16) != 0;
    // A partition is reached through its table.
    relation.hidden = !rows.truth(i, 8) || relation.kind == catalog::RelationKind::partition;
    by_oid.emplace(rows.oid(i, 0), relations.size());
    relations.push_back(std::move(relation));
  }
  return {};
}

Result<void> Introspection::load_columns() {
  BALLAST_TRY(const Rows rows, query(connection, R"(
    SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod,
           pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity <> '', a.attgenerated <> '',
           coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), pg_catalog.pg_get_expr(t.typdefaultbin, 0)),
           pg_catalog.col_description(a.attrelid, a.attnum)
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    ORDER BY a.attrelid, a.attnum)"));
  for (int i = 0; i < rows.size(); ++i) {
    const auto found = by_oid.find(rows.oid(i, 0));
    if (found == by_oid.end()) continue;
    catalog::Column column;
    column.name = rows.text(i, 2);
    const Oid32 type = rows.oid(i, 3);
    column.type = type_of(type, static_cast<int>(rows.number(i, 4)), rows.text(i, 5));
    const auto known = types.find(type);
    column.nullable = !rows.truth(i, 6) && (known == types.end() || !known->second.not_null);
    column.identity = rows.truth(i, 7);
    const bool computed = rows.truth(i, 8);
    column.generated = computed;
    if (!rows.null(i, 9) && !computed) column.default_text = rows.text(i, 9);
    column.comment = rows.text(i, 10);
    if (known != types.end()) column.enum_values = known->second.labels;
    attributes[rows.oid(i, 0)][static_cast<int>(rows.number(i, 1))] = column.name;
    relations[found->second].columns.push_back(std::move(column));
  }
  return {};
}

Result<void> Introspection::load_views() {
  BALLAST_TRY(const Rows rows, query(connection, R"(
    SELECT r.ev_class, r.ev_action::text
    FROM pg_catalog.pg_rewrite r
    JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE r.rulename = '_RETURN' AND n.nspname NOT IN ('pg_catalog', 'information_schema'))"));
  std::map<std::pair<Oid32, int>, std::pair<Oid32, int>> origins;
  for (int i = 0; i < rows.size(); ++i) {
    const Oid32 view = rows.oid(i, 0);
    for (const auto& column : view_columns(rows.text(i, 1))) {
      origins[{view, column.column}] = {column.origin, column.origin_column};
    }
  }
  // A view of a view shows what the inner one shows.
  for (const auto& [shown, first] : origins) {
    auto origin = first;
    for (int depth = 0; depth < 64; ++depth) {
      shown_by[origin].push_back(shown);
      const auto next = origins.find(origin);
      if (next == origins.end()) break;
      origin = next->second;
    }
  }
  return {};
}

/// Each view that shows all these columns of the table, with its own columns for them; every combination when a column
/// is shown several times, up to a bound.
std::vector<std::pair<Oid32, std::vector<int>>> Introspection::views_of(Oid32 table,
                                                                        const std::vector<int>& columns) const {
  std::map<Oid32, std::vector<std::vector<int>>> partial;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto shown = shown_by.find({table, columns[i]});
    if (shown == shown_by.end()) return {};
    std::map<Oid32, std::vector<std::vector<int>>> next;
    for (const auto& [view, column] : shown->second) {
      if (i == 0) {
        next[view].push_back({column});
        continue;
      }
      const auto before = partial.find(view);
      if (before == partial.end()) continue;
      for (auto combination : before->second) {
        combination.push_back(column);
        if (next[view].size() < 16) next[view].push_back(std::move(combination));
      }
    }
    partial = std::move(next);
  }
  std::vector<std::pair<Oid32, std::vector<int>>> all;
  for (auto& [view, combinations] : partial) {
    for (auto& combination : combinations) all.emplace_back(view, std::move(combination));
  }
  return all;
}

void Introspection::add_view_keys(const catalog::ForeignKey& key, Oid32 source, const std::vector<int>& source_columns,
                                  Oid32 target, const std::vector<int>& target_columns) {
  const auto names = [this](Oid32 relation, const std::vector<int>& columns) {
    std::vector<std::string> all;
    for (const int column : columns) all.push_back(attributes[relation][column]);
    return all;
  };
  auto sources = views_of(source, source_columns);
  auto targets = views_of(target, target_columns);
  sources.emplace_back(source, source_columns);
  targets.emplace_back(target, target_columns);
  for (const auto& [from, from_columns] : sources) {
    for (const auto& [to, to_columns] : targets) {
      if (from == source && to == target) continue;
      const auto from_relation = by_oid.find(from);
      const auto to_relation = by_oid.find(to);
      if (from_relation == by_oid.end() || to_relation == by_oid.end()) continue;
      catalog::ForeignKey seen = key;
      seen.schema = relations[to_relation->second].schema;
      seen.relation = relations[to_relation->second].name;
      seen.columns = names(from, from_columns);
      seen.referenced_columns = names(to, to_columns);
      seen.through_view = true;
      relations[from_relation->second].foreign_keys.push_back(std::move(seen));
    }
  }
}

Result<void> Introspection::load_keys() {
  BALLAST_TRY(const Rows rows, query(connection, R"(
    SELECT c.conrelid, c.conname, c.contype, pg_catalog.array_to_string(c.conkey, E'\x1f'), c.confrelid,
           pg_catalog.array_to_string(c.confkey, E'\x1f'),
           CASE WHEN c.contype = 'c' THEN pg_catalog.pg_get_constraintdef(c.oid) END
    FROM pg_catalog.pg_constraint c
    JOIN pg_catalog.pg_class r ON r.oid = c.conrelid
    WHERE c.contype IN ('p', 'u', 'f', 'c') AND c.conparentid = 0
    ORDER BY c.conrelid, c.contype <> 'p', c.conname)"));
  const auto numbers = [](const std::vector<std::string>& texts) {
    std::vector<int> all;
    for (const auto& text : texts) all.push_back(std::atoi(text.c_str()));
    return all;
  };
  for (int i = 0; i < rows.size(); ++i) {
    const Oid32 oid = rows.oid(i, 0);
    const auto found = by_oid.find(oid);
    if (found == by_oid.end()) continue;
    const std::size_t at = found->second;
    const std::vector<int> columns = numbers(rows.list(i, 3));
    std::vector<std::string> names;
    for (const int column : columns) names.push_back(attributes[oid][column]);
    const char type = rows.text(i, 2)[0];
    if (type == 'c') {
      relations[at].checks.push_back({rows.text(i, 1), rows.text(i, 6)});
    } else if (type == 'f') {
      const Oid32 target = rows.oid(i, 4);
      const auto referenced = by_oid.find(target);
      if (referenced == by_oid.end()) continue;
      const std::vector<int> target_columns = numbers(rows.list(i, 5));
      catalog::ForeignKey key;
      key.name = rows.text(i, 1);
      key.schema = relations[referenced->second].schema;
      key.relation = relations[referenced->second].name;
      key.columns = names;
      for (const int column : target_columns) key.referenced_columns.push_back(attributes[target][column]);
      relations[at].foreign_keys.push_back(key);
      add_view_keys(key, oid, columns, target, target_columns);
    } else {
      if (type == 'p') relations[at].primary_key = names;
      relations[at].unique_keys.push_back({rows.text(i, 1), names, type == 'p'});
      for (const auto& [view, view_columns] : views_of(oid, columns)) {
        const auto shown = by_oid.find(view);
        if (shown == by_oid.end()) continue;
        std::vector<std::string> shown_names;
        for (const int column : view_columns) shown_names.push_back(attributes[view][column]);
        auto& relation = relations[shown->second];
        if (type == 'p') {
          for (const auto& name : shown_names) {
            auto& key = relation.primary_key;
            if (std::find(key.begin(), key.end(), name) == key.end()) key.push_back(name);
          }
        }
        relation.unique_keys.push_back({rows.text(i, 1), shown_names, type == 'p'});
      }
    }
  }
  return {};
}

Result<std::vector<catalog::Function>> Introspection::load_functions() {
  std::vector<std::string> everywhere = schemas;
  everywhere.insert(everywhere.end(), search_path.begin(), search_path.end());
  BALLAST_TRY(const Rows rows, query(connection, R"(
    SELECT n.nspname, p.proname, pg_catalog.obj_description(p.oid, 'pg_proc'), p.provolatile, p.proretset, p.prorettype,
           p.provariadic <> 0, p.pronargdefaults,
           pg_catalog.array_to_string(coalesce(p.proallargtypes, p.proargtypes::oid[]), E'\x1f'),
           pg_catalog.array_to_string(p.proargmodes::text[], E'\x1f'),
           pg_catalog.array_to_string(p.proargnames, E'\x1f', ''),
           (SELECT pg_catalog.string_agg(pg_catalog.format_type(a.type, NULL), E'\x1f' ORDER BY a.at)
            FROM pg_catalog.unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY AS a(type, at)),
           pg_catalog.format_type(p.prorettype, NULL), p.prorows = 1, pg_catalog.array_to_string(p.proconfig, E'\x1f')
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prokind = 'f' AND n.nspname = ANY($1::text[])
      AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype, 'internal'::regtype)
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = p.oid AND d.classid = 'pg_proc'::regclass
                      AND d.deptype = 'e')
    ORDER BY n.nspname, p.proname, p.oid)",
                                     {array_literal(everywhere)}));
  const std::set<std::string> single_types{"json", "jsonb", "text", "xml", "bytea"};
  const auto relation_of = [this](Oid32 type) -> const catalog::Relation* {
    auto known = types.find(type);
    while (known != types.end() && known->second.type == 'd') known = types.find(known->second.base);
    if (known == types.end() || known->second.relation == 0) return nullptr;
    const auto found = by_oid.find(known->second.relation);
    return found == by_oid.end() ? nullptr : &relations[found->second];
  };
  std::vector<catalog::Function> functions;
  for (int i = 0; i < rows.size(); ++i) {
    catalog::Function function;
    function.schema = rows.text(i, 0);
    function.name = rows.text(i, 1);
    function.comment = rows.text(i, 2);
    const char volatility = rows.text(i, 3)[0];
    function.volatility = volatility == 'i'   ? catalog::Volatility::immutable
                          : volatility == 's' ? catalog::Volatility::stable
                                              : catalog::Volatility::volatile_;
    function.returns_set = rows.truth(i, 4);
    const Oid32 returned = rows.oid(i, 5);
    const auto argument_types = rows.list(i, 8);
    const auto modes = rows.list(i, 9);
    const auto names = rows.list(i, 10);
    const auto spellings = rows.list(i, 11);
    bool unnamed = false;
    const bool none = argument_types.size() == 1 && argument_types[0].empty();
    for (std::size_t k = 0; k < argument_types.size() && !none; ++k) {
      const std::string mode = k < modes.size() ? modes[k] : "i";
      const auto oid = static_cast<Oid32>(std::strtoul(argument_types[k].c_str(), nullptr, 10));
      const std::string name = k < names.size() ? names[k] : "";
      const std::string spelling = k < spellings.size() ? spellings[k] : "";
      const catalog::Type type = type_of(oid, -1, spelling);
      if (mode == "i" || mode == "b" || mode == "v") {
        function.arguments.push_back({name, type, true, mode == "v"});
        unnamed = unnamed || name.empty();
        if (k == 0) {
          if (const auto* of = relation_of(oid)) {
            function.of_schema = of->schema;
            function.of_relation = of->name;
          }
        }
      }
      if (mode == "o" || mode == "b" || mode == "t") {
        catalog::Column column;
        column.name = name;
        column.type = type;
        function.columns.push_back(std::move(column));
      }
    }
    const auto defaults = static_cast<std::size_t>(rows.number(i, 7));
    for (std::size_t k = function.arguments.size() - std::min(defaults, function.arguments.size());
         k < function.arguments.size(); ++k) {
      function.arguments[k].required = false;
    }
    if (function.arguments.size() != 1) {
      function.of_schema.clear();
      function.of_relation.clear();
    }
    if (unnamed && function.of_relation.empty() &&
        !(function.arguments.size() == 1 && single_types.contains(function.arguments[0].type.name))) {
      continue;
    }
    function.returns = type_of(returned, -1, rows.text(i, 12));
    function.returns_void = function.returns.name == "void";
    if (function.returns_void) function.columns.clear();
    if (const auto* relation = relation_of(returned)) {
      function.returns_schema = relation->schema;
      function.returns_relation = relation->name;
      function.columns = relation->columns;
    } else if (const auto known = types.find(returned);
               function.columns.empty() && known != types.end() && known->second.relation != 0) {
      BALLAST_TRY(const Rows fields, query(connection, R"(
        SELECT a.attname, a.atttypid, a.atttypmod, pg_catalog.format_type(a.atttypid, a.atttypmod)
        FROM pg_catalog.pg_attribute a WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum)",
                                           {std::to_string(known->second.relation)}));
      for (int k = 0; k < fields.size(); ++k) {
        catalog::Column column;
        column.name = fields.text(k, 0);
        column.type = type_of(fields.oid(k, 1), static_cast<int>(fields.number(k, 2)), fields.text(k, 3));
        function.columns.push_back(std::move(column));
      }
    }
    // One OUT argument is the result itself, unless it is a table's only column.
    if (function.columns.size() == 1 && function.returns_relation.empty() && !modes.empty() && modes.back() != "t" &&
        function.returns.kind != Kind::composite) {
      function.columns.clear();
    }
    if (const auto known = types.find(returned); known != types.end() && known->second.type == 'd') {
      const std::string& name = known->second.qualified.name;
      if (name == "*/*" || name.find('/') != std::string::npos) {
        for (const char c : name) function.media_type += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      }
    }
    function.single_row = rows.truth(i, 13) && function.returns_set;
    function.settings = rows.list(i, 14);
    if (!function.of_relation.empty() && function.returns_relation.empty() && !function.returns_void &&
        !function.returns_set) {
      for (auto& relation : relations) {
        if (relation.schema != function.of_schema || relation.name != function.of_relation) continue;
        relation.computed_columns.push_back({function.name, function.schema, function.returns, function.comment});
      }
    }
    functions.push_back(std::move(function));
  }
  return functions;
}

Result<catalog::Extras> Introspection::load_extras() {
  catalog::Extras extras;
  BALLAST_TRY(const Rows rows, query(connection,
                                     "SELECT nspname, pg_catalog.obj_description(oid, 'pg_namespace') FROM "
                                     "pg_catalog.pg_namespace WHERE nspname = ANY($1::text[])",
                                     {array_literal(schemas)}));
  for (int i = 0; i < rows.size(); ++i) {
    if (!rows.null(i, 1)) extras.schema_comments[rows.text(i, 0)] = rows.text(i, 1);
  }
  BALLAST_TRY(extras.privileges, load_privileges(connection));
  return extras;
}

Result<std::vector<catalog::MediaHandler>> load_media_handlers(PGconn& connection,
                                                               const std::vector<std::string>& schemas) {
  BALLAST_TRY(const Rows rows, query(connection, R"(
    SELECT n.nspname, p.proname, pg_catalog.lower(t.typname), an.nspname, ac.relname, b.typname = 'bytea'
    FROM pg_catalog.pg_aggregate a
    JOIN pg_catalog.pg_proc p ON p.oid = a.aggfnoid
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_catalog.pg_type t ON t.oid = p.prorettype AND t.typtype = 'd'
    JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
    JOIN pg_catalog.pg_type g ON g.oid = p.proargtypes[0]
    LEFT JOIN pg_catalog.pg_class ac ON ac.oid = g.typrelid
    LEFT JOIN pg_catalog.pg_namespace an ON an.oid = ac.relnamespace
    WHERE p.pronargs = 1 AND t.typname LIKE '%/%' AND n.nspname = ANY($1::text[])
    ORDER BY n.nspname, p.proname)",
                                     {array_literal(schemas)}));
  std::vector<catalog::MediaHandler> handlers;
  for (int i = 0; i < rows.size(); ++i) {
    handlers.push_back(
        {rows.text(i, 0), rows.text(i, 1), rows.text(i, 2), rows.text(i, 3), rows.text(i, 4), rows.truth(i, 5)});
  }
  return handlers;
}

}  // namespace

Result<catalog::SnapshotPtr> introspect(PGconn& connection, const std::vector<std::string>& schemas,
                                        const std::vector<std::string>& search_path, std::int64_t version) {
  // An empty search path makes format_type and pg_get_expr write schemas out.
  for (const char* text : {"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "SET LOCAL search_path = ''"}) {
    BALLAST_CHECKED(query(connection, text).ok() ? Result<void>() : Result<void>(unreachable()));
  }
  Introspection work{connection, schemas, search_path, {}, {}, {}, {}, {}, {}};
  BALLAST_CHECKED(work.load_types());
  BALLAST_CHECKED(work.load_representations());
  BALLAST_CHECKED(work.load_relations());
  BALLAST_CHECKED(work.load_columns());
  BALLAST_CHECKED(work.load_views());
  BALLAST_CHECKED(work.load_keys());
  BALLAST_TRY(auto functions, work.load_functions());
  BALLAST_TRY(auto extras, work.load_extras());
  BALLAST_TRY(auto handlers, load_media_handlers(connection, schemas));
  BALLAST_TRY(const Rows ended, query(connection, "COMMIT"));
  return std::make_shared<const catalog::Snapshot>(std::move(work.relations), schemas, version, std::move(functions),
                                                   std::move(handlers), std::move(extras));
}

Result<std::int64_t> schema_fingerprint(PGconn& connection, const std::vector<std::string>& schemas) {
  BALLAST_TRY(const Rows rows, query(connection, R"(
    SELECT pg_catalog.hashtextextended(pg_catalog.concat_ws(',',
      (SELECT pg_catalog.string_agg(c.oid || ':' || c.xmin::text, ',' ORDER BY c.oid) FROM pg_catalog.pg_class c
       WHERE c.relnamespace = ANY(n.oids) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')),
      (SELECT pg_catalog.string_agg(a.attrelid || ':' || a.attnum || ':' || a.xmin::text, ',' ORDER BY a.attrelid, a.attnum)
       FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
       WHERE c.relnamespace = ANY(n.oids) AND a.attnum > 0 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')),
      (SELECT pg_catalog.string_agg(k.oid || ':' || k.xmin::text, ',' ORDER BY k.oid) FROM pg_catalog.pg_constraint k
       WHERE k.connamespace = ANY(n.oids)),
      (SELECT pg_catalog.string_agg(p.oid || ':' || p.xmin::text, ',' ORDER BY p.oid) FROM pg_catalog.pg_proc p
       WHERE p.pronamespace = ANY(n.oids))), 0)
    FROM (SELECT coalesce(pg_catalog.array_agg(oid), '{}') AS oids FROM pg_catalog.pg_namespace
          WHERE nspname = ANY($1::text[])) AS n)",
                                     {array_literal(schemas)}));
  return rows.size() == 1 ? rows.number(0, 0) : 0;
}

}  // namespace ballast::storage::postgres
