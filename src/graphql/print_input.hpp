#pragma once

#include <string>

#include "graphql/input.hpp"

namespace ballast::graphql {

/// The value as a literal of a GraphQL document.
std::string print(const Input& input);

}  // namespace ballast::graphql
