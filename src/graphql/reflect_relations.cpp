#include <algorithm>
#include <set>

#include "graphql/inflection.hpp"
#include "graphql/reflector.hpp"

namespace ballast::graphql {
namespace {

using catalog::Relation;

/// The directive's columns stand in for a key that the database does not have; views have none of their own, only
/// their tables'.
std::vector<std::string> key_of(const Relation& relation, const CommentDirective& directive, Reflector& reflector) {
  if (!relation.is_view && !relation.primary_key.empty()) return relation.primary_key;
  for (const auto& name : directive.primary_key_columns) {
    if (relation.column(name) != nullptr) continue;
    reflector.warn("directive of table " + label_of(relation) + ": primary_key_columns has no column \"" + name + "\"");
    return {};
  }
  return directive.primary_key_columns;
}

/// Every type that may be about the relation, so that none of them can be in the way of another relation's.
std::vector<std::string> type_names(const ReflectedRelation& reflected) {
  const std::string& base = reflected.type_name;
  if (!reflected.keyed()) return {base};
  std::vector<std::string> names{base};
  for (const auto* const suffix :
       {"Connection", "Edge", "Filter", "OrderBy", "Aggregate", "SumAggregateResult", "AvgAggregateResult",
        "MinAggregateResult", "MaxAggregateResult", "InsertInput", "InsertResponse", "UpdateInput", "UpdateResponse",
        "IncrementInput", "DeleteResponse", "OnConflict", "ConflictColumn"}) {
    names.push_back(base + suffix);
  }
  return names;
}

/// A version column, or the whole row: a right on all columns that there are.
bool may_see_versions(const Relation& relation, const Access& access) {
  const catalog::Column* column = relation.column(relation.version_column);
  const catalog::Rights rights = access.on(relation, column != nullptr ? *column : catalog::Column{});
  return (rights & catalog::right_select) != 0;
}

/// Nullopt when the role may not read the rows, or cannot tell them apart.
std::optional<ReflectedRelation> reflected(const Relation& relation, Reflector& reflector) {
  ReflectedRelation made{.relation = &relation, .rights = reflector.access().on(relation)};
  if ((made.rights & catalog::right_select) == 0) return std::nullopt;
  made.directive =
      reflector.directive(reflector.settings().relations, "table", relation.schema, relation.name, relation.comment);
  const CommentDirective& schema = reflector.schema(relation.schema);
  made.inflect = schema.inflect_names.value_or(false);
  made.resolve_base_type = schema.resolve_base_type.value_or(false);
  made.max_rows = made.directive.max_rows ? made.directive.max_rows : schema.max_rows;
  made.type_name = made.directive.name.empty() ? type_name(relation.name, made.inflect) : made.directive.name;
  made.key = key_of(relation, made.directive, reflector);
  if (!reflector.selectable(relation, made.key)) return std::nullopt;
  made.shown = made.keyed();
  made.versioned = made.keyed() && may_see_versions(relation, reflector.access());
  return made;
}

void add_columns(ReflectedRelation& reflected, Reflector& reflector) {
  const Relation& relation = *reflected.relation;
  std::set<std::string> names;
  for (const auto& column : relation.columns) {
    ReflectedColumn made{.column = &column};
    made.rights = reflector.access().on(relation, column);
    if (made.rights == 0) continue;
    const auto type = reflector.type(column.type, reflected.resolve_base_type);
    if (!type) continue;
    made.type = *type;
    const CommentDirective directive = reflector.directive(reflector.settings().columns, "column", relation.schema,
                                                           relation.name + "." + column.name, column.comment);
    made.name = directive.name.empty() ? field_name(column.name, reflected.inflect) : directive.name;
    made.description = directive.description;
    if (is_valid_name(made.name) && !(reflected.keyed() && made.name == "nodeId")) {
      // Of columns whose names come to the same (`_id`, `id`) the last has it.
      if (!names.insert(made.name).second)
        std::erase_if(reflected.columns, [&](const auto& c) { return c.name == made.name; });
      reflected.columns.push_back(std::move(made));
    } else {
      reflector.warn("column " + label_of(relation) + "." + column.name + " is left out: \"" + made.name +
                     "\" is no name that its field can have");
    }
  }
}

bool any_writable(const ReflectedRelation& relation, catalog::Rights right) noexcept {
  return relation.keyed() && (relation.rights & right) != 0 &&
         std::ranges::any_of(relation.columns, [&](const auto& column) { return writable(column, right); });
}

}  // namespace

bool writable(const ReflectedColumn& column, catalog::Rights right) noexcept {
  const catalog::Column& c = *column.column;
  return (column.rights & right) != 0 && !c.generated && !c.serial && !c.identity;
}

bool ReflectedRelation::readable() const noexcept {
  return keyed() ||
         std::ranges::any_of(columns, [](const auto& column) { return (column.rights & catalog::right_select) != 0; });
}
bool ReflectedRelation::insertable() const noexcept {
  return relation->insertable && any_writable(*this, catalog::right_insert);
}
bool ReflectedRelation::updatable() const noexcept {
  return relation->updatable && any_writable(*this, catalog::right_update);
}
bool ReflectedRelation::deletable() const noexcept {
  return relation->deletable && keyed() && (rights & catalog::right_delete) != 0;
}

void reflect_relations(Reflector& reflector) {
  std::vector<ReflectedRelation> candidates;
  for (const auto& relation : reflector.snapshot().relations()) {
    if (relation.hidden || !reflector.exposed(relation.schema)) continue;
    if (auto made = reflected(relation, reflector)) candidates.push_back(std::move(*made));
  }
  // Those that are collections come first, so that the others do not take their names.
  std::stable_partition(candidates.begin(), candidates.end(), [](const auto& candidate) { return candidate.keyed(); });
  auto& relations = reflector.result().relations;
  for (auto& candidate : candidates) {
    if (is_valid_name(candidate.type_name) && reflector.take_types(type_names(candidate))) {
      reflector.add(relations.emplace_back(std::move(candidate)));
    } else if (candidate.keyed()) {
      reflector.warn("table " + label_of(*candidate.relation) + " is left out: \"" + candidate.type_name +
                     "\" is no name that its types can have");
    }
  }
  for (auto& relation : relations) add_columns(relation, reflector);
}

}  // namespace ballast::graphql
