#pragma once

#include <string>
#include <string_view>

namespace ballast::text {

/// Appends two lower-case digits for each byte.
inline void append_hex(std::string& out, std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  out.reserve(out.size() + bytes.size() * 2);
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 0xF];
  }
}

}  // namespace ballast::text
