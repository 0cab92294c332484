#include "graphql/schema_draft.hpp"

namespace ballast::graphql {

void fill_connection(SchemaDraft& draft, const ReflectedRelation& relation) {
  const auto bound = [&](Meaning meaning) { return Binding{.meaning = meaning, .relation = relation.relation}; };
  TypeDefinition& edge = draft.about(relation, "Edge");
  edge.fields = {
      {.name = "cursor", .type = non_null(draft.named("String")), .binding = bound(Meaning::edge_cursor)},
      {.name = "node", .type = non_null(use(draft.about(relation, ""))), .binding = bound(Meaning::edge_node)}};
  TypeDefinition& connection = draft.about(relation, "Connection");
  connection.fields = {
      {.name = "edges", .type = non_null(list_of(non_null(use(edge)))), .binding = bound(Meaning::edges)},
      {.name = "pageInfo", .type = non_null(draft.named("PageInfo")), .binding = bound(Meaning::page_info)}};
  if (relation.directive.total_count) {
    connection.fields.push_back({.name = "totalCount",
                                 .description = "The total number of records matching the `filter` criteria",
                                 .type = non_null(draft.named("Int")),
                                 .binding = bound(Meaning::total_count)});
  }
  if (relation.directive.aggregate) {
    connection.fields.push_back(
        {.name = "aggregate",
         .description = "Aggregate functions calculated on the collection of `" + relation.type_name + "`",
         .type = use(draft.about(relation, "Aggregate")),
         .binding = bound(Meaning::aggregate)});
  }
}

}  // namespace ballast::graphql
