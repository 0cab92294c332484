#pragma once

#include "graphql/validation.hpp"

/// Rules about variables (specification section 5.8).
namespace ballast::graphql {

/// Variable Uniqueness, Variables Are Input Types, and that defaults have the variable's type.
void check_variable_definitions(Validation& validation, References& references, const Operation& operation);

/// All Variable Uses Defined, All Variables Used and All Variable Usages Are Allowed, through fragments. Requires the
/// references of every definition.
void check_variable_usages(Validation& validation);

}  // namespace ballast::graphql
