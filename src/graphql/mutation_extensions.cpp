#include "graphql/mutation_extensions.hpp"

#include <utility>

namespace ballast::graphql {
namespace {

bool countable(const ReflectedColumn& column) {
  const std::string_view scalar = column.type.scalar;
  return !column.type.list && (scalar == "Int" || scalar == "BigInt" || scalar == "Float" || scalar == "BigFloat");
}

}  // namespace

void add_nested_inserts(const SchemaDraft& draft, const ReflectedRelation& relation, TypeDefinition& insert_input) {
  for (const auto& way : relation.relationships) {
    if (!way.target->insertable() || insert_input.input(way.name) != nullptr) continue;
    const TypeUse row = use(draft.about(*way.target, "InsertInput"));
    insert_input.inputs.push_back(
        {.name = way.name,
         .description = way.description,
         .type = way.relationship->to_one() ? row : list_of(non_null(row)),
         .binding = {
             .meaning = Meaning::relationship, .relation = way.target->relation, .relationship = way.relationship}});
  }
}

void add_increments(SchemaDraft& draft, const ReflectedRelation& relation, TypeDefinition& update_input) {
  std::vector<InputField> fields;
  for (const auto& column : relation.columns) {
    if (!writable(column, catalog::right_update) || !countable(column)) continue;
    fields.push_back({.name = column.name,
                      .description = column.description,
                      .type = draft.type(column.type),
                      .binding = {.meaning = Meaning::column, .relation = relation.relation, .column = column.column}});
  }
  if (fields.empty() || update_input.input("_increment") != nullptr) return;
  TypeDefinition& increments = draft.types.add(TypeKind::input_object, relation.type_name + "IncrementInput",
                                               "What is added to columns of `" + relation.type_name + "`");
  increments.binding.relation = relation.relation;
  increments.inputs = std::move(fields);
  update_input.inputs.push_back({.name = "_increment",
                                 .description = "Added to what the columns hold",
                                 .type = use(increments),
                                 .binding = {.meaning = Meaning::increment, .relation = relation.relation}});
}

void add_row_version(const SchemaDraft& draft, const ReflectedRelation& relation, TypeDefinition& object) {
  if (object.field("_version") != nullptr) return;
  object.fields.push_back({.name = "_version",
                           .description = "Changes with the record: what `ifVersion` takes",
                           .type = non_null(draft.named("String")),
                           .binding = {.meaning = Meaning::row_version, .relation = relation.relation}});
}

void add_if_version(const SchemaDraft& draft, FieldDefinition& mutation) {
  mutation.arguments.push_back(
      {.name = "ifVersion",
       .description = "Changes records only in one of these versions, as `_version` tells them",
       .type = list_of(non_null(draft.named("String"))),
       .binding = {.meaning = Meaning::if_version}});
}

void add_on_conflict(SchemaDraft& draft, const ReflectedRelation& relation, FieldDefinition& insert) {
  TypeDefinition& columns = draft.types.add(TypeKind::enumeration, relation.type_name + "ConflictColumn",
                                            "Columns of `" + relation.type_name + "`");
  for (const auto& column : relation.columns) columns.members.push_back({column.name, "", {}, column.column->name});
  columns.binding.relation = relation.relation;
  TypeDefinition& input = draft.types.add(TypeKind::input_object, relation.type_name + "OnConflict",
                                          "What becomes of a record that is there already");
  input.binding.relation = relation.relation;
  const TypeUse list = list_of(non_null(use(columns)));
  input.inputs = {{.name = "target",
                   .description = "The columns of a unique key that tell that it is",
                   .type = non_null(list),
                   .binding = {.meaning = Meaning::conflict_target, .relation = relation.relation}},
                  {.name = "update",
                   .description = "The columns that take the new values: all that are given by default, none of an "
                                  "empty list",
                   .type = list,
                   .binding = {.meaning = Meaning::conflict_update, .relation = relation.relation}}};
  insert.arguments.push_back({.name = "onConflict",
                              .description = "Makes a record that is there already no error",
                              .type = use(input),
                              .binding = {.meaning = Meaning::on_conflict, .relation = relation.relation}});
}

}  // namespace ballast::graphql
