#pragma once

#include <vector>

#include "graphql/type_set.hpp"

namespace ballast::graphql {

/// `@skip`, `@include`, `@deprecated`, `@specifiedBy` and `@oneOf` (specification section 3.13).
std::vector<DirectiveDefinition> directive_definitions(const TypeSet& types);

}  // namespace ballast::graphql
