#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "graphql/input.hpp"

namespace ballast::graphql {

/// A valid JSON value as an input that no type has seen yet. Of duplicate keys the last value wins. Takes what it makes
/// from `values`; nothing when that is not enough.
std::optional<Input> from_json(std::string_view valid_json, std::size_t& values);

/// Appends the value as JSON; enumerations as strings.
void append_json(std::string& out, const Input& input);

}  // namespace ballast::graphql
