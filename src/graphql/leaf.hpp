#pragma once

#include <functional>
#include <optional>
#include <string>

#include "graphql/input.hpp"
#include "graphql/schema.hpp"
#include "graphql/suggestions.hpp"

namespace ballast::graphql {

/// Where a value comes from: the specification is stricter with variables in some places and with literals in others.
enum class Source : std::uint8_t { literal, variable };

/// Is this the scalar whose values may be lists and objects of any form?
bool takes_any_value(const TypeDefinition& type) noexcept;

/// Makes of a value what the scalar or enumeration `type` has for it (specification sections 3.5 and 3.9), or says in
/// graphql-js's words why there is no such thing. `null` is the caller's affair. Scalars that the specification does
/// not know keep what they were given; whether a string is a date is the database's question. `print` gives the value
/// for the message.
std::optional<std::string> coerce_leaf(const TypeDefinition& type, Input& value, Source source,
                                       const std::function<std::string()>& print, Suggestions& suggestions);

}  // namespace ballast::graphql
