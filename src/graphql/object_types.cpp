#include <algorithm>

#include "graphql/mutation_extensions.hpp"
#include "graphql/schema_draft.hpp"

namespace ballast::graphql {
namespace {

/// One row, or a collection.
FieldDefinition relating(const SchemaDraft& draft, const catalog::Relationship& relationship,
                         const ReflectedRelation& target) {
  FieldDefinition field;
  field.binding = {.meaning = Meaning::relationship, .relation = target.relation, .relationship = &relationship};
  field.type = use(draft.about(target, relationship.to_one() ? "" : "Connection"));
  if (!relationship.to_one()) add_collection_arguments(draft, target, field);
  return field;
}

FieldDefinition computed_field(const SchemaDraft& draft, const ReflectedRelation& relation,
                               const ReflectedComputed& computed) {
  if (computed.relationship != nullptr) return relating(draft, *computed.relationship, *computed.target);
  FieldDefinition field;
  field.type = draft.type(computed.type);
  field.binding = {.meaning = Meaning::computed_column, .relation = relation.relation, .computed = computed.column};
  return field;
}

}  // namespace

void fill_object(SchemaDraft& draft, const ReflectedRelation& relation) {
  TypeDefinition& object = draft.about(relation, "");
  const auto add = [&](const std::string& name, const std::string& description, FieldDefinition field) {
    field.name = name;
    field.description = description;
    object.fields.push_back(std::move(field));
  };
  if (relation.keyed()) {
    add("nodeId", "Globally Unique Record Identifier",
        {.type = non_null(draft.named("ID")), .binding = {.meaning = Meaning::node_id, .relation = relation.relation}});
    TypeDefinition& node = draft.types.get("Node");
    object.interfaces.push_back(&node);
    node.possible_types.push_back(&object);
  }
  for (const auto& column : relation.columns) {
    if (!selectable(column)) continue;
    const TypeUse type = draft.type(column.type);
    add(column.name, column.description,
        {.type = column.column->nullable ? type : non_null(type),
         .binding = {.meaning = Meaning::column, .relation = relation.relation, .column = column.column}});
  }
  for (const auto& way : relation.relationships) {
    FieldDefinition field = relating(draft, *way.relationship, *way.target);
    if (way.non_null) field.type = non_null(std::move(field.type));
    add(way.name, way.description, std::move(field));
  }
  for (const auto& computed : relation.computed) {
    std::erase_if(object.fields, [&](const FieldDefinition& field) { return field.name == computed.name; });
    add(computed.name, computed.description, computed_field(draft, relation, computed));
  }
  if (draft.options.extensions && relation.versioned) add_row_version(draft, relation, object);
}

}  // namespace ballast::graphql
