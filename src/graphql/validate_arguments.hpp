#pragma once

#include "graphql/validation.hpp"

/// Rules about arguments (specification section 5.4), and about the values that they have.
namespace ballast::graphql {

/// Argument Names, Argument Uniqueness and Required Arguments of a field. `parent` and `definition` are null when
/// unknown.
void check_arguments(Validation& validation, References& references, const Field& field, const TypeDefinition* parent,
                     const FieldDefinition* definition);
/// The same of a directive. `definition` is null when the directive is unknown.
void check_arguments(Validation& validation, References& references, const Directive& directive,
                     const DirectiveDefinition* definition);

}  // namespace ballast::graphql
