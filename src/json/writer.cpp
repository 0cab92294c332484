#include "json/writer.hpp"

#include <simdjson.h>

#include <charconv>
#include <cmath>
#include <cstring>

#include "text/chars.hpp"
#include "text/utf8.hpp"

namespace ballast::json {
namespace {

/// Which of the eight bytes are below 0x20, a quote or a backslash: their high bits. Exact for the lowest such byte,
/// which is all that is asked (Hacker's Delight, section 6-1).
std::uint64_t special_bytes(std::uint64_t block) {
  constexpr std::uint64_t ones = 0x0101010101010101ULL;
  constexpr std::uint64_t highs = 0x8080808080808080ULL;
  const std::uint64_t quotes = block ^ (ones * '"');
  const std::uint64_t slashes = block ^ (ones * '\\');
  return ((block - ones * 0x20) | (quotes - ones) | (slashes - ones)) & ~block & highs;
}

bool is_special(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

/// Offset of the first byte at or after `at` that must be escaped; `high` collects whether a byte above 0x7f was met.
std::size_t find_special(std::string_view text, std::size_t at, bool& high) {
  constexpr std::uint64_t highs = 0x8080808080808080ULL;
  while (text.size() - at >= 8) {
    std::uint64_t block;
    std::memcpy(&block, text.data() + at, 8);
    high |= (block & highs) != 0;
    if (special_bytes(block) != 0) break;
    at += 8;
  }
  while (at < text.size() && !is_special(text[at])) {
    high |= (static_cast<unsigned char>(text[at]) & 0x80U) != 0;
    ++at;
  }
  return at;
}

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  constexpr char digits[] = "0123456789abcdef";
  const char escape[] = {'\\', 'u', '0', '0', digits[c >> 4 & 0xF], digits[c & 0xF]};
  out.append(escape, sizeof escape);
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
  const std::size_t before = out.size();
  bool high = false;
  std::size_t from = 0;
  for (;;) {
    const std::size_t at = find_special(text, from, high);
    out.append(text.data() + from, at - from);
    if (at == text.size()) break;
    append_escape(out, text[at]);
    from = at + 1;
  }
  if (!high || simdjson::validate_utf8(text.data(), text.size())) return;
  std::string clean;
  text::append_valid_utf8(clean, text);
  out.resize(before);
  append_escaped(out, clean);
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

void append_integer(std::string& out, std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

void append_double_text(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::isinf(value)) {
    out += value < 0 ? "-Infinity" : "Infinity";
    return;
  }
  // PostgreSQL writes fixed notation for decimal exponents in [-4, 15) and scientific beyond (src/common/d2s.c).
  char digits[40];
  const auto result = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::scientific);
  const std::string_view scientific(digits, static_cast<std::size_t>(result.ptr - digits));
  const std::size_t e = scientific.find('e');
  int exponent = 0;
  const char* from = scientific.data() + e + 1 + (scientific[e + 1] == '+' ? 1 : 0);
  std::from_chars(from, scientific.data() + scientific.size(), exponent);
  if (exponent < -4 || exponent >= 15) {
    out.append(scientific);
    return;
  }
  const auto fixed = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed);
  out.append(digits, static_cast<std::size_t>(fixed.ptr - digits));
}

void append_double(std::string& out, double value) {
  if (std::isfinite(value)) {
    append_double_text(out, value);
    return;
  }
  out += '"';
  append_double_text(out, value);
  out += '"';
}

bool is_number(std::string_view text) noexcept {
  const char* p = text.data();
  const char* const end = p + text.size();
  const auto digits = [&] {
    const char* const from = p;
    while (p != end && text::is(*p, text::digit)) ++p;
    return p - from;
  };
  if (p != end && *p == '-') ++p;
  if (p == end) return false;
  if (*p == '0') {
    ++p;
  } else if (digits() == 0) {
    return false;
  }
  if (p != end && *p == '.') {
    ++p;
    if (digits() == 0) return false;
  }
  if (p != end && (*p == 'e' || *p == 'E')) {
    ++p;
    if (p != end && (*p == '+' || *p == '-')) ++p;
    if (digits() == 0) return false;
  }
  return p == end;
}

}  // namespace ballast::json
