#include <algorithm>

#include "graphql/mutation_extensions.hpp"
#include "graphql/schema_draft.hpp"

namespace ballast::graphql {
namespace {

void fill_response(SchemaDraft& draft, const ReflectedRelation& relation, std::string_view suffix) {
  draft.about(relation, suffix).fields = {
      {.name = "affectedCount",
       .description = "Count of the records impacted by the mutation",
       .type = non_null(draft.named("Int")),
       .binding = {.meaning = Meaning::affected_count, .relation = relation.relation}},
      {.name = "records",
       .description = "Array of records impacted by the mutation",
       .type = non_null(list_of(non_null(use(draft.about(relation, ""))))),
       .binding = {.meaning = Meaning::records, .relation = relation.relation}}};
}

void fill_input(SchemaDraft& draft, const ReflectedRelation& relation, TypeDefinition& input, catalog::Rights right) {
  for (const auto& column : relation.columns) {
    if (!writable(column, right)) continue;
    input.inputs.push_back(
        {.name = column.name,
         .description = column.description,
         .type = draft.type(column.type),
         .binding = {.meaning = Meaning::column, .relation = relation.relation, .column = column.column}});
  }
}

}  // namespace

void fill_mutations(SchemaDraft& draft, const ReflectedRelation& relation) {
  if (relation.insertable()) {
    TypeDefinition& input = draft.about(relation, "InsertInput");
    fill_input(draft, relation, input, catalog::right_insert);
    if (draft.options.extensions) add_nested_inserts(draft, relation, input);
    fill_response(draft, relation, "InsertResponse");
  }
  if (relation.updatable()) {
    TypeDefinition& input = draft.about(relation, "UpdateInput");
    fill_input(draft, relation, input, catalog::right_update);
    if (draft.options.extensions) add_increments(draft, relation, input);
    fill_response(draft, relation, "UpdateResponse");
  }
  if (relation.deletable()) fill_response(draft, relation, "DeleteResponse");
}

}  // namespace ballast::graphql
