#pragma once

#include <vector>

#include "graphql/ast.hpp"

namespace ballast::graphql {

/// Do both give the same names the same values, in whatever order?
bool same_arguments(const std::vector<Argument>& a, const std::vector<Argument>& b);

}  // namespace ballast::graphql
