#pragma once

#include <string_view>

namespace ballast::text {

/// Can it be an HTTP field's value? Not when it would end the field (RFC 9110, section 5.5).
constexpr bool fits_field(std::string_view text) noexcept {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

}  // namespace ballast::text
