#pragma once

#include <optional>
#include <string_view>

#include "graphql/input.hpp"

namespace ballast::graphql {

/// The value that a default's SQL text (`pg_get_expr`) states plainly, as an argument of that scalar is written.
/// Nullopt for expressions that only the database can compute, and for null.
std::optional<Input> argument_default(std::string_view sql, std::string_view scalar);

}  // namespace ballast::graphql
