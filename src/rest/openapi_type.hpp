#pragma once

#include <string>
#include <string_view>

#include "catalog/relation.hpp"
#include "json/text.hpp"

namespace ballast::rest {

/// Where a type stands: JSON has arrays and objects, a query string only text.
enum class OpenApiPlace : std::uint8_t { json, query };

/// The members `format`, `type` and, of an array, `items`. `schema` is left out of a type's name.
void write_openapi_type(json::Text& out, const catalog::Type& type, OpenApiPlace place, std::string_view schema);

/// A default's SQL text as JSON, when it is a constant: `'x'::text` → `"x"`, `42` → `42`; empty for anything else.
std::string openapi_default(const catalog::Type& type, std::string_view sql);

}  // namespace ballast::rest
