#include "sql/writer.hpp"

#include <charconv>

#include "base/check.hpp"

namespace ballast::sql {

Writer& Writer::number(std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out_.append(digits, static_cast<std::size_t>(end - digits));
  return *this;
}

Writer& Writer::constant(std::string_view text) {
  check(text.find('\0') == std::string_view::npos, "a NUL byte in a constant of a statement");
  const bool escape = !sqlite() && text.find('\\') != std::string_view::npos;
  out_ += escape ? "E'" : "'";
  for (const char c : text) {
    if (c == '\'' || (escape && c == '\\')) out_ += c;
    out_ += c;
  }
  out_ += '\'';
  return *this;
}

}  // namespace ballast::sql
