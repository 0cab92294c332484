#include "graphql/lexer.hpp"

#include <algorithm>
#include <utility>

#include "graphql/block_string.hpp"
#include "text/chars.hpp"
#include "text/utf8.hpp"

namespace ballast::graphql {
namespace {

using text::is;

constexpr int name_start = text::alpha | text::underscore;
constexpr int name_continue = name_start | text::digit;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// As messages name the character at the start of `rest`.
std::string describe_character(std::string_view rest) {
  if (rest.empty()) return "<EOF>";
  const char c = rest.front();
  if (c == '"') return "'\"'";
  if (c >= ' ' && c <= '~') return std::string{'"', c, '"'};
  std::size_t length = 0;
  std::uint32_t code = text::decode_utf8(rest, length);
  std::string prefix = "U+";
  std::size_t digits = 4;
  if (length == 0) {
    prefix = "byte 0x";
    digits = 2;
    code = static_cast<unsigned char>(c);
  }
  std::string hex;
  for (; code != 0 || hex.size() < digits; code >>= 4) hex.insert(hex.begin(), "0123456789ABCDEF"[code & 0xF]);
  return prefix + hex;
}

/// The first `n` characters, or those before the first that is none.
std::string_view first_characters(std::string_view text, std::size_t n) {
  std::size_t end = 0;
  for (; n > 0; --n) {
    const std::size_t length = text::sequence_length(text.substr(end));
    if (length == 0) break;
    end += length;
  }
  return text.substr(0, end);
}

struct UnicodeEscape {
  bool valid = false;
  std::uint32_t code_point = 0;
  std::size_t size = 0;  ///< in characters; of an invalid one: what a message shows
};

constexpr bool leading_surrogate(std::uint32_t c) { return c >= 0xD800 && c <= 0xDBFF; }
constexpr bool trailing_surrogate(std::uint32_t c) { return c >= 0xDC00 && c <= 0xDFFF; }
constexpr bool scalar_value(std::uint32_t c) {
  return c <= 0x10FFFF && !leading_surrogate(c) && !trailing_surrogate(c);
}

/// `\uXXXX` at the start of `text`.
bool four_digits(std::string_view text, std::uint32_t& code) {
  if (text.size() < 6 || !text.starts_with("\\u")) return false;
  code = 0;
  for (const char c : text.substr(2, 4)) {
    if (!is(c, text::hex)) return false;
    code = code << 4 | static_cast<std::uint32_t>(text::hex_value(c));
  }
  return true;
}

/// `\u{X…}`: any number of digits, as the grammar has it.
UnicodeEscape variable_width(std::string_view text) {
  constexpr std::size_t shown = 12;
  std::uint32_t code = 0;
  std::size_t at = 3;
  for (; at < text.size() && is(text[at], text::hex); ++at) {
    if (code <= 0x10FFFF) code = code << 4 | static_cast<std::uint32_t>(text::hex_value(text[at]));
  }
  const bool closed = at > 3 && at < text.size() && text[at] == '}';
  const bool valid = closed && scalar_value(code);
  return {valid, code, valid ? at + 1 : std::min(at + 1, shown)};
}

/// EscapedUnicode at the start of `text`, which is a `\u`. Two surrogates that follow one another as `\uXXXX` are one
/// code point; a surrogate in any other place is none.
UnicodeEscape unicode_escape(std::string_view text) {
  if (text.substr(2).starts_with('{')) return variable_width(text);
  std::uint32_t code = 0;
  if (!four_digits(text, code)) return {false, 0, 6};
  if (scalar_value(code)) return {true, code, 6};
  std::uint32_t trailing = 0;
  if (leading_surrogate(code) && four_digits(text.substr(6), trailing) && trailing_surrogate(trailing)) {
    return {true, 0x10000 + ((code - 0xD800) << 10 | (trailing - 0xDC00)), 12};
  }
  return {false, 0, 6};
}

/// EscapedCharacter; NUL: `c` is none.
constexpr char escaped_character(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return '\0';
  }
}

}  // namespace

Position Lexer::here() const noexcept {
  return {line_, static_cast<std::uint32_t>(1 + cursor_.at() - line_start_ - extra_)};
}

bool Lexer::line_terminator() {
  if (cursor_.eat('\r')) {
    cursor_.eat('\n');
  } else if (!cursor_.eat('\n')) {
    return false;
  }
  ++line_;
  line_start_ = cursor_.at();
  extra_ = 0;
  return true;
}

/// Takes characters up to the first byte that `stop` names, or that starts no character.
template <class Stop>
std::string_view Lexer::characters(Stop stop) {
  const std::string_view rest = cursor_.rest();
  std::size_t n = 0;
  while (n < rest.size() && !stop(rest[n])) {
    if (static_cast<unsigned char>(rest[n]) < 0x80) {
      ++n;
      continue;
    }
    const std::size_t length = text::sequence_length(rest.substr(n));
    if (length == 0) break;
    n += length;
    extra_ += length - 1;
  }
  cursor_.skip(n);
  return rest.substr(0, n);
}

void Lexer::skip_ignored() {
  for (;;) {
    switch (cursor_.peek()) {
      case ' ':
      case '\t':
      case ',':
        cursor_.skip();
        break;
      case '\n':
      case '\r':
        line_terminator();
        break;
      case '#':
        characters([](char c) { return c == '\n' || c == '\r'; });
        break;
      default:
        if (!cursor_.eat(byte_order_mark)) return;
        extra_ += byte_order_mark.size() - 1;
    }
  }
}

Token Lexer::finish(Token token, TokenKind kind, std::size_t start) const {
  const std::size_t length = cursor_.at() - start;
  token.kind = kind;
  token.text = std::string_view(cursor_.rest().data() - length, length);
  return token;
}

Token Lexer::punctuator(Token token, TokenKind kind, std::size_t length) {
  const std::size_t start = cursor_.at();
  cursor_.skip(length);
  return finish(std::move(token), kind, start);
}

Token Lexer::mistake(std::string message) {
  Token token;
  token.kind = TokenKind::invalid;
  token.at = here();
  token.value = std::move(message);
  cursor_.back_to(std::string_view::npos);
  return token;
}

Token Lexer::next() {
  skip_ignored();
  Token token;
  token.at = here();
  if (cursor_.done()) return token;
  const char c = cursor_.peek();
  switch (c) {
    case '!':
      return punctuator(std::move(token), TokenKind::exclamation, 1);
    case '$':
      return punctuator(std::move(token), TokenKind::dollar, 1);
    case '&':
      return punctuator(std::move(token), TokenKind::ampersand, 1);
    case '(':
      return punctuator(std::move(token), TokenKind::open_parenthesis, 1);
    case ')':
      return punctuator(std::move(token), TokenKind::close_parenthesis, 1);
    case ':':
      return punctuator(std::move(token), TokenKind::colon, 1);
    case '=':
      return punctuator(std::move(token), TokenKind::equals, 1);
    case '@':
      return punctuator(std::move(token), TokenKind::at, 1);
    case '[':
      return punctuator(std::move(token), TokenKind::open_bracket, 1);
    case ']':
      return punctuator(std::move(token), TokenKind::close_bracket, 1);
    case '{':
      return punctuator(std::move(token), TokenKind::open_brace, 1);
    case '|':
      return punctuator(std::move(token), TokenKind::bar, 1);
    case '}':
      return punctuator(std::move(token), TokenKind::close_brace, 1);
    case '.':
      if (cursor_.rest().starts_with("...")) return punctuator(std::move(token), TokenKind::spread, 3);
      break;
    case '"':
      return cursor_.rest().starts_with("\"\"\"") ? block_string(std::move(token)) : string(std::move(token));
    case '\'':
      return mistake("Unexpected single quote character ('), did you mean to use a double quote (\")?");
    default:
      if (is(c, name_start)) {
        const std::size_t start = cursor_.at();
        cursor_.run(name_continue);
        return finish(std::move(token), TokenKind::name, start);
      }
      if (c == '-' || is(c, text::digit)) return number(std::move(token));
  }
  const bool character = text::sequence_length(cursor_.rest()) != 0;
  return mistake((character ? "Unexpected character: " : "Invalid character: ") + describe_character(cursor_.rest()) +
                 ".");
}

Token Lexer::number(Token token) {
  const std::size_t start = cursor_.at();
  const auto no_digit = [&] {
    return mistake("Invalid number, expected digit but got: " + describe_character(cursor_.rest()) + ".");
  };
  TokenKind kind = TokenKind::int_value;
  cursor_.eat('-');
  if (cursor_.eat('0')) {
    if (is(cursor_.peek(), text::digit)) {
      return mistake("Invalid number, unexpected digit after 0: " + describe_character(cursor_.rest()) + ".");
    }
  } else if (cursor_.run(text::digit).empty()) {
    return no_digit();
  }
  if (cursor_.eat('.')) {
    kind = TokenKind::float_value;
    if (cursor_.run(text::digit).empty()) return no_digit();
  }
  if (cursor_.eat('e') || cursor_.eat('E')) {
    kind = TokenKind::float_value;
    if (!cursor_.eat('+')) cursor_.eat('-');
    if (cursor_.run(text::digit).empty()) return no_digit();
  }
  // [lookahead != {Digit, `.`, NameStart}]
  if (cursor_.peek() == '.' || is(cursor_.peek(), name_start)) return no_digit();
  return finish(std::move(token), kind, start);
}

Token Lexer::string(Token token) {
  const std::size_t start = cursor_.at();
  cursor_.skip();
  for (;;) {
    token.value += characters([](char c) { return c == '"' || c == '\\' || c == '\n' || c == '\r'; });
    if (cursor_.eat('"')) return finish(std::move(token), TokenKind::string_value, start);
    if (cursor_.done() || cursor_.peek() == '\n' || cursor_.peek() == '\r') return mistake("Unterminated string.");
    if (cursor_.peek() != '\\') {
      return mistake("Invalid character within String: " + describe_character(cursor_.rest()) + ".");
    }
    std::string wrong;
    if (!escape(token.value, wrong)) return mistake(std::move(wrong));
  }
}

bool Lexer::escape(std::string& out, std::string& mistake) {
  const std::string_view rest = cursor_.rest();
  if (rest.starts_with("\\u")) {
    const UnicodeEscape found = unicode_escape(rest);
    if (found.valid) {
      text::append_code_point(out, found.code_point);
      cursor_.skip(found.size);
      return true;
    }
    mistake.append("Invalid Unicode escape sequence: \"").append(first_characters(rest, found.size)).append("\".");
    return false;
  }
  if (const char c = escaped_character(cursor_.peek(1)); c != '\0') {
    out += c;
    cursor_.skip(2);
    return true;
  }
  mistake.append("Invalid character escape sequence: \"").append(first_characters(rest, 2)).append("\".");
  return false;
}

Token Lexer::block_string(Token token) {
  const std::size_t start = cursor_.at();
  cursor_.skip(3);
  std::string raw;
  for (;;) {
    raw += characters([](char c) { return c == '"' || c == '\\' || c == '\n' || c == '\r'; });
    if (cursor_.done()) return mistake("Unterminated string.");
    if (line_terminator()) {
      raw += '\n';
    } else if (cursor_.eat("\"\"\"")) {
      token.value = block_string_value(raw);
      return finish(std::move(token), TokenKind::block_string, start);
    } else if (cursor_.eat("\\\"\"\"")) {
      raw += "\"\"\"";
    } else if (cursor_.peek() == '"' || cursor_.peek() == '\\') {
      raw += cursor_.next();
    } else {
      return mistake("Invalid character within String: " + describe_character(cursor_.rest()) + ".");
    }
  }
}

}  // namespace ballast::graphql
