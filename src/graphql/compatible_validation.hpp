#pragma once

#include "graphql/ast.hpp"
#include "graphql/limits.hpp"
#include "graphql/problem.hpp"
#include "graphql/schema.hpp"

namespace ballast::graphql {

/// What pg_graphql wants of a document as a whole: operations that can be told apart, and fragments that end. It asks
/// for no more before it executes: fields and values are looked at where they are reached (Collector), whatever
/// variables are declared as, and what is not reached is nobody's concern. Also refuses what is nested too deep.
Problems validate_compatibly(const Document& document, const Schema& schema, const ValidationLimits& limits);

}  // namespace ballast::graphql
