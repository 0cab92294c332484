#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "graphql/ast.hpp"

namespace ballast::graphql {

/// The lexical tokens of the specification (section 2.1.6).
enum class TokenKind : std::uint8_t {
  end,                ///< of the source
  exclamation,        ///< !
  dollar,             ///< $
  ampersand,          ///< &
  open_parenthesis,   ///< (
  close_parenthesis,  ///< )
  spread,             ///< ...
  colon,              ///< :
  equals,             ///< =
  at,                 ///< @
  open_bracket,       ///< [
  close_bracket,      ///< ]
  open_brace,         ///< {
  bar,                ///< |
  close_brace,        ///< }
  name,
  int_value,
  float_value,
  string_value,
  block_string,
  invalid,  ///< no token
};

struct Token {
  TokenKind kind = TokenKind::end;
  Position at;            ///< of its first character; of an invalid one: where the mistake is
  std::string_view text;  ///< as written, quotes included; into the source
  std::string value;      ///< of strings: decoded; of an invalid one: what is wrong, a sentence
  bool is(TokenKind k) const noexcept { return kind == k; }
};

/// As messages name it: `"{"`, `Name`, `<EOF>`.
std::string describe(TokenKind kind);
/// With its text: `Name "foo"`; a long text is cut.
std::string describe(const Token& token);

}  // namespace ballast::graphql
