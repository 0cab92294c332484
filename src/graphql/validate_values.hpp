#pragma once

#include "graphql/validation.hpp"

/// Rules about values (specification section 5.6; `@oneOf` of September 2025).
namespace ballast::graphql {

/// What a value is for.
struct ValuePlace {
  TypeView type;
  bool has_default = false;
  const TypeDefinition* one_of = nullptr;  ///< the `@oneOf` input object whose field this is
};

/// Values of Correct Type, Input Object Field Names, Field Uniqueness and Required Fields. Variables are noted; the
/// operations that use them are asked later.
void check_value(Validation& validation, References& references, const Value& value, const ValuePlace& place);

/// Only notes variables, where nothing is known of what is expected.
void note_variables(Validation& validation, References& references, const Value& value);

}  // namespace ballast::graphql
