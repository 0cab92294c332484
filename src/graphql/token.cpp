#include "graphql/token.hpp"

#include "graphql/shown.hpp"

namespace ballast::graphql {

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
  const bool string = token.is(TokenKind::string_value) || token.is(TokenKind::block_string);
  if (!string && !token.is(TokenKind::name) && !token.is(TokenKind::int_value) && !token.is(TokenKind::float_value)) {
    return describe(token.kind);
  }
  return describe(token.kind) + " \"" + shown(string ? token.value : token.text) + "\"";
}

}  // namespace ballast::graphql
