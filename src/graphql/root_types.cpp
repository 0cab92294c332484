#include <algorithm>

#include "graphql/inflection.hpp"
#include "graphql/mutation_extensions.hpp"
#include "graphql/schema_draft.hpp"

namespace ballast::graphql {
namespace {

/// Two relations whose type names differ in the case of their first letter have the same fields; the first has them.
void add(SchemaDraft& draft, TypeDefinition& root, FieldDefinition field) {
  if (root.field(field.name) == nullptr) {
    root.fields.push_back(std::move(field));
  } else {
    draft.warnings.push_back(root.name + " has a field \"" + field.name + "\" already");
  }
}

InputField at_most(const SchemaDraft& draft) {
  return {.name = "atMost",
          .description = "The maximum number of records in the collection permitted to be affected",
          .type = non_null(draft.named("Int")),
          .default_value = Input{.value = Input::Number{"1", true}, .variable = {}},
          .binding = {.meaning = Meaning::at_most}};
}

InputField affected(const SchemaDraft& draft, const ReflectedRelation& relation) {
  return {.name = "filter",
          .description = "Restricts the mutation's impact to records matching the criteria",
          .type = use(draft.about(relation, "Filter")),
          .binding = {.meaning = Meaning::filter, .relation = relation.relation}};
}

/// Values of these types are told apart by how they are written.
bool identifies(const ReflectedColumn& column) {
  const std::string_view scalar = column.type.scalar;
  return !column.type.list && (scalar == "Int" || scalar == "BigInt" || scalar == "String" || scalar == "UUID");
}

/// None when a column of the key has no field of such a type.
std::vector<InputField> key_arguments(const SchemaDraft& draft, const ReflectedRelation& relation) {
  std::vector<InputField> arguments;
  for (const auto& name : relation.key) {
    const auto column =
        std::ranges::find(relation.columns, name, [](const auto& each) { return std::string_view(each.column->name); });
    if (column == relation.columns.end() || !identifies(*column)) return {};
    arguments.push_back(
        {.name = column->name,
         .description = "The record's `" + column->name + "` value",
         .type = non_null(draft.type(column->type)),
         .binding = {.meaning = Meaning::key_column, .relation = relation.relation, .column = column->column}});
  }
  return arguments;
}

void add_queries(SchemaDraft& draft, TypeDefinition& query, const ReflectedRelation& relation) {
  const std::string name = lower_first(relation.type_name);
  FieldDefinition collection{.name = name + "Collection",
                             .description = "A pagable collection of type `" + relation.type_name + "`",
                             .type = non_null(use(draft.about(relation, "Connection"))),
                             .binding = {.meaning = Meaning::collection, .relation = relation.relation}};
  add_collection_arguments(draft, relation, collection);
  add(draft, query, std::move(collection));
  FieldDefinition by_key{.name = name + "ByPk",
                         .description = "Retrieve a record of type `" + relation.type_name + "` by its primary key",
                         .arguments = key_arguments(draft, relation),
                         .type = use(draft.about(relation, "")),
                         .binding = {.meaning = Meaning::by_key, .relation = relation.relation}};
  if (!by_key.arguments.empty()) add(draft, query, std::move(by_key));
}

void add_mutations(SchemaDraft& draft, TypeDefinition& mutation, const ReflectedRelation& relation) {
  const std::string& type = relation.type_name;
  if (relation.insertable()) {
    FieldDefinition insert{.name = "insertInto" + type + "Collection",
                           .description = "Adds one or more `" + type + "` records to the collection",
                           .type = use(draft.about(relation, "InsertResponse")),
                           .binding = {.meaning = Meaning::insert, .relation = relation.relation}};
    insert.arguments.push_back({.name = "objects",
                                .type = non_null(list_of(non_null(use(draft.about(relation, "InsertInput"))))),
                                .binding = {.meaning = Meaning::objects, .relation = relation.relation}});
    if (draft.options.extensions) add_on_conflict(draft, relation, insert);
    add(draft, mutation, std::move(insert));
  }
  if (relation.updatable()) {
    InputField set{.name = "set",
                   .description = "Fields that are set will be updated for all records matching the `filter`",
                   .type = non_null(use(draft.about(relation, "UpdateInput"))),
                   .binding = {.meaning = Meaning::set, .relation = relation.relation}};
    FieldDefinition update{.name = "update" + type + "Collection",
                           .description = "Updates zero or more records in the `" + type + "` collection",
                           .arguments = {std::move(set), affected(draft, relation), at_most(draft)},
                           .type = non_null(use(draft.about(relation, "UpdateResponse"))),
                           .binding = {.meaning = Meaning::update, .relation = relation.relation}};
    if (draft.options.extensions && relation.versioned) add_if_version(draft, update);
    add(draft, mutation, std::move(update));
  }
  if (relation.deletable()) {
    FieldDefinition remove{.name = "deleteFrom" + type + "Collection",
                           .description = "Deletes zero or more records from the `" + type + "` collection",
                           .arguments = {affected(draft, relation), at_most(draft)},
                           .type = non_null(use(draft.about(relation, "DeleteResponse"))),
                           .binding = {.meaning = Meaning::remove, .relation = relation.relation}};
    if (draft.options.extensions && relation.versioned) add_if_version(draft, remove);
    add(draft, mutation, std::move(remove));
  }
}

void add_node(const SchemaDraft& draft, TypeDefinition& query) {
  FieldDefinition node{.name = "node",
                       .description = "Retrieve a record by its `ID`",
                       .type = draft.named("Node"),
                       .binding = {.meaning = Meaning::node}};
  node.arguments.push_back({.name = "nodeId",
                            .description = "The record's `ID`",
                            .type = non_null(draft.named("ID")),
                            .binding = {.meaning = Meaning::node_id}});
  query.fields.push_back(std::move(node));
}

}  // namespace

void add_roots(SchemaDraft& draft) {
  TypeDefinition& query = draft.types.add(TypeKind::object, "Query", "The root type for querying data");
  TypeDefinition& mutation =
      draft.types.add(TypeKind::object, "Mutation", "The root type for creating and mutating data");
  add_node(draft, query);
  for (const auto& relation : draft.reflection.relations) {
    if (!relation.keyed()) continue;
    add_queries(draft, query, relation);
    add_mutations(draft, mutation, relation);
  }
  add_function_fields(draft, query, false);
  add_function_fields(draft, mutation, true);
  for (TypeDefinition* const root : {&query, &mutation}) std::ranges::sort(root->fields, {}, &FieldDefinition::name);
}

}  // namespace ballast::graphql
