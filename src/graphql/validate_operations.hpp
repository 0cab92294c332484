#pragma once

#include "graphql/validation.hpp"

/// Rules about operations (specification section 5.2).
namespace ballast::graphql {

/// Null when the schema has no operations of this type.
const TypeDefinition* root_type(const Schema& schema, OperationType type) noexcept;

/// Operation Name Uniqueness, Lone Anonymous Operation, Single Root Field, and that the schema has the operation's
/// root type.
void check_operations(Validation& validation);

}  // namespace ballast::graphql
