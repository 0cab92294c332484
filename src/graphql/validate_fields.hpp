#pragma once

#include "graphql/validation.hpp"

/// Rules about fields by themselves (specification sections 5.3.1 and 5.3.3).
namespace ballast::graphql {

/// Field Selections and Leaf Field Selections. `definition` is null when the field is unknown.
void check_field(Validation& validation, const Field& field, const TypeDefinition& parent,
                 const FieldDefinition* definition);

}  // namespace ballast::graphql
