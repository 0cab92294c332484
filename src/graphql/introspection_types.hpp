#pragma once

#include <memory>
#include <vector>

#include "graphql/schema.hpp"

/// The type system in which a schema describes itself (specification section 4.2; `isOneOf` of September 2025).
namespace ballast::graphql {

/// Appends `__Schema`, `__Type`, `__TypeKind`, `__Field`, `__InputValue`, `__EnumValue`, `__Directive` and
/// `__DirectiveLocation`. Requires the scalars `String` and `Boolean` among `types`.
void add_introspection_types(std::vector<std::unique_ptr<TypeDefinition>>& types);

/// `__schema: __Schema!` and `__type(name: String!): __Type`, for the query root of a schema that may be introspected.
/// Require what `add_introspection_types` added.
FieldDefinition schema_field(const std::vector<std::unique_ptr<TypeDefinition>>& types);
FieldDefinition type_field(const std::vector<std::unique_ptr<TypeDefinition>>& types);

}  // namespace ballast::graphql
