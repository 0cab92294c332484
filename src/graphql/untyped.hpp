#pragma once

#include "graphql/ast.hpp"
#include "graphql/input.hpp"

namespace ballast::graphql {

/// A literal before any type has seen it. Of lists and objects only that they are; a variable is null.
Input untyped(const Value& value);

}  // namespace ballast::graphql
