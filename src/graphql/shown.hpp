#pragma once

#include <string>
#include <string_view>

#include "graphql/ast.hpp"
#include "graphql/input.hpp"

/// Values and names from outside as messages show them: recognisable, and never long.
namespace ballast::graphql {

std::string shown(std::string_view name);
/// A literal, as GraphQL writes it.
std::string shown(const Value& value);
/// A variable's value, as graphql-js inspects it: `{ id: 1, tags: ["a", "b"] }`.
std::string shown(const Input& value);

/// `"name"`.
std::string quoted(std::string_view name);

}  // namespace ballast::graphql
