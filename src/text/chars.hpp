#pragma once

#include <array>
#include <cstdint>

namespace ballast::text {

/// Classes of ASCII characters, as bits, so that a parser tests one table entry per byte. Bytes above 0x7f belong
/// to no class.
enum CharClass : std::uint8_t {
  digit = 1,        ///< 0-9
  alpha = 2,        ///< A-Z a-z
  space = 4,        ///< space, tab, newline, carriage return, vertical tab, form feed
  hex = 8,          ///< 0-9 A-F a-f
  underscore = 16,  ///< _
};

namespace detail {
constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = digit | hex;
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = alpha;
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = alpha;
  for (int c = 'a'; c <= 'f'; ++c) table[static_cast<std::size_t>(c)] |= hex;
  for (int c = 'A'; c <= 'F'; ++c) table[static_cast<std::size_t>(c)] |= hex;
  for (const char c : {' ', '\t', '\n', '\r', '\v', '\f'}) table[static_cast<std::size_t>(c)] = space;
  table[static_cast<std::size_t>('_')] = underscore;
  return table;
}
inline constexpr std::array<std::uint8_t, 256> classes = make_classes();
}  // namespace detail

/// `is(c, digit | alpha)`: does `c` belong to any of the classes?
constexpr bool is(char c, int any_of) noexcept {
  return (detail::classes[static_cast<unsigned char>(c)] & any_of) != 0;
}

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

/// The value of a hexadecimal digit; requires `is(c, hex)`.
constexpr int hex_value(char c) noexcept { return c <= '9' ? c - '0' : lower(c) - 'a' + 10; }

}  // namespace ballast::text
