#pragma once

#include <string>
#include <utility>
#include <vector>

#include "graphql/input.hpp"

namespace ballast::graphql {

/// The variables of one request, coerced (specification section 6.1.2). Those that were neither given nor have a
/// default are absent.
using Variables = std::vector<std::pair<std::string, Input>>;

}  // namespace ballast::graphql
