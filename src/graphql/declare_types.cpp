#include <algorithm>

#include "graphql/filter_operators.hpp"
#include "graphql/schema_draft.hpp"

namespace ballast::graphql {
namespace {

void declare_enumeration(SchemaDraft& draft, const ReflectedEnumeration& enumeration) {
  TypeDefinition& type = draft.types.add(TypeKind::enumeration, enumeration.name, enumeration.description);
  for (const auto& member : enumeration.members) type.members.push_back({member.name, "", {}, member.label});
  add_value_filter(draft.types, type, enumeration_operators());
}

void declare_relation(SchemaDraft& draft, const ReflectedRelation& relation) {
  const auto declare = [&](TypeKind kind, std::string_view suffix) -> TypeDefinition& {
    return draft.types.add(kind, relation.type_name + std::string(suffix));
  };
  const auto declare_input = [&](std::string_view suffix) {
    declare(TypeKind::input_object, suffix).binding.relation = relation.relation;
  };
  TypeDefinition& rows = declare(TypeKind::object, "");
  rows.description = relation.directive.description;
  rows.binding.relation = relation.relation;
  if (!relation.keyed()) return;
  declare(TypeKind::object, "Edge");
  declare(TypeKind::object, "Connection");
  declare_input("Filter");
  if (std::ranges::any_of(relation.columns, orderable)) declare_input("OrderBy");
  if (relation.directive.aggregate) declare(TypeKind::object, "Aggregate");
  if (relation.insertable()) {
    declare_input("InsertInput");
    declare(TypeKind::object, "InsertResponse");
  }
  if (relation.updatable()) {
    declare_input("UpdateInput");
    declare(TypeKind::object, "UpdateResponse");
  }
  if (relation.deletable()) declare(TypeKind::object, "DeleteResponse");
}

}  // namespace

bool selectable(const ReflectedColumn& column) noexcept { return (column.rights & catalog::right_select) != 0; }

bool orderable(const ReflectedColumn& column) noexcept {
  return selectable(column) && !column.type.list && column.type.scalar != "JSON";
}

void declare_types(SchemaDraft& draft) {
  for (const auto& enumeration : draft.reflection.enumerations) declare_enumeration(draft, enumeration);
  for (const auto& relation : draft.reflection.relations) {
    if (relation.shown) declare_relation(draft, relation);
  }
}

}  // namespace ballast::graphql
