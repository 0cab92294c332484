#pragma once

#include <span>
#include <string_view>

#include "graphql/type_set.hpp"

namespace ballast::graphql {

/// Comparisons that values of a scalar can have (pg_graphql, "Filtering"), by name; `is` is none, every column has it.
std::span<const std::string_view> scalar_operators(std::string_view scalar);
std::span<const std::string_view> enumeration_operators();
std::span<const std::string_view> list_operators();

/// Adds `<Type>Filter` to compare values of `type` by these operators. Requires the type `FilterIs`.
TypeDefinition& add_value_filter(TypeSet& types, const TypeDefinition& type,
                                 std::span<const std::string_view> operators);
/// Adds `<Type>ListFilter` to compare lists of them.
TypeDefinition& add_list_filter(TypeSet& types, const TypeDefinition& type);

}  // namespace ballast::graphql
