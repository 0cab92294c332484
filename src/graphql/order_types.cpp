#include "graphql/schema_draft.hpp"

namespace ballast::graphql {

void fill_order(SchemaDraft& draft, const ReflectedRelation& relation) {
  if (!draft.has(relation, "OrderBy")) return;
  TypeDefinition& order = draft.about(relation, "OrderBy");
  for (const auto& column : relation.columns) {
    if (!orderable(column)) continue;
    order.inputs.push_back(
        {.name = column.name,
         .type = draft.named("OrderByDirection"),
         .binding = {.meaning = Meaning::column, .relation = relation.relation, .column = column.column}});
  }
}

}  // namespace ballast::graphql
