#pragma once

#include <string_view>

#include "http/iequals.hpp"

namespace ballast::batch {

/// `application/json` or `…+json` (RFC 6839 section 3.1), whatever its parameters.
inline bool is_json(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  return http::iequals(type, "application/json") || type.ends_with("+json");
}

}  // namespace ballast::batch
