#pragma once

#include <cstddef>
#include <string_view>

#include "text/chars.hpp"

namespace ballast::http {

/// Equal without regard to ASCII case: field names, codings, connection options.
constexpr bool iequals(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && text::lower(a[i]) != text::lower(b[i])) return false;
  }
  return true;
}

}  // namespace ballast::http
