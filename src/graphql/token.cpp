#include "graphql/token.hpp"

namespace ballast::graphql {
namespace {

/// What a client recognises its text by; an answer does not repeat a megabyte.
constexpr std::size_t shown_bytes = 100;

std::string shown(std::string_view text) {
  if (text.size() <= shown_bytes) return std::string(text);
  std::size_t end = shown_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // no character is cut in two
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace

std::string describe(TokenKind kind) {
  switch (kind) {
    case TokenKind::end:
      return "<EOF>";
    case TokenKind::exclamation:
      return "\"!\"";
    case TokenKind::dollar:
      return "\"$\"";
    case TokenKind::ampersand:
      return "\"&\"";
    case TokenKind::open_parenthesis:
      return "\"(\"";
    case TokenKind::close_parenthesis:
      return "\")\"";
    case TokenKind::spread:
      return "\"...\"";
    case TokenKind::colon:
      return "\":\"";
    case TokenKind::equals:
      return "\"=\"";
    case TokenKind::at:
      return "\"@\"";
    case TokenKind::open_bracket:
      return "\"[\"";
    case TokenKind::close_bracket:
      return "\"]\"";
    case TokenKind::open_brace:
      return "\"{\"";
    case TokenKind::bar:
      return "\"|\"";
    case TokenKind::close_brace:
      return "\"}\"";
    case TokenKind::name:
      return "Name";
    case TokenKind::int_value:
      return "Int";
    case TokenKind::float_value:
      return "Float";
    case TokenKind::string_value:
      return "String";
    case TokenKind::block_string:
      return "BlockString";
    case TokenKind::invalid:
      break;
  }
  return "an invalid token";
}

std::string describe(const Token& token) {
  const std::string kind = describe(token.kind);
  switch (token.kind) {
    case TokenKind::name:
    case TokenKind::int_value:
    case TokenKind::float_value:
      return kind + " \"" + shown(token.text) + "\"";
    case TokenKind::string_value:
    case TokenKind::block_string:
      return kind + " \"" + shown(token.value) + "\"";
    default:
      return kind;
  }
}

}  // namespace ballast::graphql
