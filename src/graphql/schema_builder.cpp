#include "graphql/schema_builder.hpp"

#include <algorithm>
#include <utility>

#include "graphql/common_types.hpp"
#include "graphql/directive_definitions.hpp"
#include "graphql/introspection_types.hpp"
#include "graphql/schema_draft.hpp"

namespace ballast::graphql {
namespace {

void fill_types(SchemaDraft& draft) {
  for (const auto& relation : draft.reflection.relations) {
    if (!relation.shown) continue;
    fill_object(draft, relation);
    if (!relation.keyed()) continue;
    fill_connection(draft, relation);
    fill_aggregates(draft, relation);
    fill_filter(draft, relation);
    fill_order(draft, relation);
    fill_mutations(draft, relation);
  }
  std::ranges::sort(draft.types.get("Node").possible_types, {}, &TypeDefinition::name);
}

SchemaDetails details_of(SchemaDraft& draft, Reflection& reflection) {
  SchemaDetails details;
  for (const auto& relation : reflection.relations) {
    if (relation.shown) details.collections.emplace(relation.relation, Collection{relation.key, relation.max_rows});
  }
  details.meta_fields = {schema_field(draft.types.types()), type_field(draft.types.types())};
  details.warnings = std::move(reflection.warnings);
  details.warnings.insert(details.warnings.end(), draft.warnings.begin(), draft.warnings.end());
  details.broken_directive = std::move(reflection.broken_directive);
  details.relationships = std::move(reflection.declared);
  return details;
}

}  // namespace

SchemaPtr build_schema(catalog::SnapshotPtr snapshot, const Access& access, const BuildOptions& options) {
  Reflection reflection = reflect(*snapshot, access, options);
  SchemaDraft draft{.reflection = reflection, .options = options, .types = {}, .warnings = {}};
  add_common_types(draft.types);
  declare_types(draft);
  fill_types(draft);
  add_roots(draft);
  auto& types = draft.types.types();
  add_introspection_types(types);
  SchemaDetails details = details_of(draft, reflection);
  auto directives = directive_definitions(draft.types);
  const TypeDefinition* const query = &draft.types.get("Query");
  const TypeDefinition* mutation = &draft.types.get("Mutation");
  if (mutation->fields.empty()) {
    std::erase_if(types, [&](const auto& type) { return type.get() == mutation; });
    mutation = nullptr;
  }
  std::ranges::sort(types, {}, [](const auto& type) -> const std::string& { return type->name; });
  return std::make_shared<const Schema>(std::move(snapshot), std::move(types), std::move(directives), query, mutation,
                                        reflection.introspection, std::move(details));
}

}  // namespace ballast::graphql
