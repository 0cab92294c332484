#pragma once

#include <string>
#include <utility>
#include <vector>

#include "graphql/ast.hpp"

namespace ballast::graphql {

/// One entry of an answer's `errors` (specification section 7.1.2), before anything was executed or about one field.
struct Problem {
  std::string message;
  std::vector<Position> at;
  std::string code;               ///< `extensions.code`: "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED",
                                  ///< "BAD_USER_INPUT" or an Error's own
  std::vector<std::string> path;  ///< response keys from the root; empty: not about a field
};

using Problems = std::vector<Problem>;

}  // namespace ballast::graphql
