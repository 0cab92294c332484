#include "graphql/filter_operators.hpp"
#include "graphql/schema_draft.hpp"

namespace ballast::graphql {
namespace {

/// Null for types that cannot be compared.
const TypeDefinition* filter_of(SchemaDraft& draft, const ReflectedType& type) {
  const TypeDefinition& item = *draft.type({type.scalar, type.enumeration}).named;
  const TypeDefinition* const known = draft.types.find(item.name + (type.list ? "ListFilter" : "Filter"));
  // Those of the scalars are there; few enums stand in lists.
  if (known == nullptr && type.list && type.enumeration != nullptr) return &add_list_filter(draft.types, item);
  return known;
}

}  // namespace

void fill_filter(SchemaDraft& draft, const ReflectedRelation& relation) {
  TypeDefinition& filter = draft.about(relation, "Filter");
  for (const auto& column : relation.columns) {
    if (!selectable(column)) continue;
    const TypeDefinition* const type = filter_of(draft, column.type);
    if (type == nullptr) continue;
    filter.inputs.push_back(
        {.name = column.name,
         .type = use(*type),
         .binding = {.meaning = Meaning::column, .relation = relation.relation, .column = column.column}});
  }
  // A column of one of these names hides it (pg_graphql, "Filtering").
  const auto add = [&](std::string name, TypeUse type, Meaning meaning) {
    if (filter.input(name) != nullptr) return;
    filter.inputs.push_back({.name = std::move(name),
                             .type = std::move(type),
                             .binding = {.meaning = meaning, .relation = relation.relation}});
  };
  add("nodeId", draft.named("IDFilter"), Meaning::node_id);
  add("and", list_of(non_null(use(filter))), Meaning::and_);
  add("or", list_of(non_null(use(filter))), Meaning::or_);
  add("not", use(filter), Meaning::not_);
}

}  // namespace ballast::graphql
