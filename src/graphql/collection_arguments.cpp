#include "graphql/schema_draft.hpp"

namespace ballast::graphql {

void add_collection_arguments(const SchemaDraft& draft, const ReflectedRelation& relation, FieldDefinition& field) {
  const auto add = [&](std::string name, std::string description, TypeUse type, Meaning meaning) {
    field.arguments.push_back({.name = std::move(name),
                               .description = std::move(description),
                               .type = std::move(type),
                               .binding = {.meaning = meaning, .relation = relation.relation}});
  };
  const TypeUse number = draft.named("Int");
  const TypeUse cursor = draft.named("Cursor");
  add("first", "Query the first `n` records in the collection", number, Meaning::first);
  add("last", "Query the last `n` records in the collection", number, Meaning::last);
  add("before", "Query values in the collection before the provided cursor", cursor, Meaning::before);
  add("after", "Query values in the collection after the provided cursor", cursor, Meaning::after);
  add("offset",
      "Skip n values from the after cursor. Alternative to cursor pagination. Backward pagination not supported.",
      number, Meaning::offset);
  add("filter", "Filters to apply to the results set when querying from the collection",
      use(draft.about(relation, "Filter")), Meaning::filter);
  if (!draft.has(relation, "OrderBy")) return;
  add("orderBy", "Sort order to apply to the collection", list_of(non_null(use(draft.about(relation, "OrderBy")))),
      Meaning::order_by);
}

}  // namespace ballast::graphql
