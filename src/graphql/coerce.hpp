#pragma once

#include <string_view>
#include <variant>

#include "graphql/ast.hpp"
#include "graphql/limits.hpp"
#include "graphql/problem.hpp"
#include "graphql/schema.hpp"
#include "graphql/variables.hpp"

namespace ballast::graphql {

/// The values of an operation's variables (specification section 6.1.2) from a request's JSON object, or what is wrong
/// with them: `BAD_USER_INPUT` in graphql-js's words, at the variable's definition. No text and `null` give no
/// variables; members that no variable is named after are ignored. The operation is valid.
std::variant<Variables, Problems> coerce_variables(const Operation& operation, const Schema& schema,
                                                   std::string_view json, const CoercionLimits& limits);

/// The values as they were given, defaults filled in: the types that the operation declares are not looked at.
std::variant<Variables, Problems> untyped_variables(const Operation& operation, std::string_view json,
                                                    const CoercionLimits& limits);

}  // namespace ballast::graphql
