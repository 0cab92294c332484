#pragma once

#include <algorithm>
#include <string_view>

#include "text/trim.hpp"

namespace ballast::rest {

/// Cuts the part before the next separator outside of quotes off `rest`, without the white space around it.
inline std::string_view cut_field(std::string_view& rest, char separator) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < rest.size(); ++end) {
    if (rest[end] == '"') quoted = !quoted;
    if (rest[end] == separator && !quoted) break;
  }
  const std::string_view part = text::trimmed(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

}  // namespace ballast::rest
