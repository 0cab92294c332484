#pragma once

#include <string_view>

#include "text/chars.hpp"

namespace ballast::text {

/// Without the white space around it (`CharClass::space`).
constexpr std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is(text.front(), space)) text.remove_prefix(1);
  while (!text.empty() && is(text.back(), space)) text.remove_suffix(1);
  return text;
}

}  // namespace ballast::text
