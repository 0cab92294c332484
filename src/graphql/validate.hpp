#pragma once

#include "graphql/ast.hpp"
#include "graphql/limits.hpp"
#include "graphql/problem.hpp"
#include "graphql/schema.hpp"

namespace ballast::graphql {

/// Everything that section 5 of the specification says of executable documents, in graphql-js's words and with its
/// positions: clients know them. Empty when the document is valid. Also refuses, with
/// `GRAPHQL_VALIDATION_FAILED` like the rest, what would cost more than `limits`.
Problems validate(const Document& document, const Schema& schema, const ValidationLimits& limits);

}  // namespace ballast::graphql
