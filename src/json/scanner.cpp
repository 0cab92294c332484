#include "json/scanner.hpp"

#include <simdjson.h>

#include <cstring>
#include <vector>

#include "text/chars.hpp"
#include "text/utf8.hpp"

namespace ballast::json {

void Scanner::skip_space() noexcept {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
    ++at_;
  }
}

bool Scanner::eat(char c) noexcept {
  if (at_ >= text_.size() || text_[at_] != c) return false;
  ++at_;
  return true;
}

// string ::= '"' ( unescaped | '\' ( ["\/bfnrt] | 'u' 4 hex ) )* '"'
bool Scanner::string(std::string_view& inner) noexcept {
  if (!eat('"')) return expected("expected a string");
  const std::size_t from = at_;
  for (;;) {
    while (text_.size() - at_ >= 8) {
      std::uint64_t block;
      std::memcpy(&block, text_.data() + at_, 8);
      constexpr std::uint64_t ones = 0x0101010101010101ULL;
      const std::uint64_t quotes = block ^ (ones * '"');
      const std::uint64_t slashes = block ^ (ones * '\\');
      if ((((block - ones * 0x20) | (quotes - ones) | (slashes - ones)) & ~block & (ones * 0x80)) != 0) break;
      at_ += 8;
    }
    if (at_ == text_.size()) return expected("expected the end of the string");
    const char c = text_[at_];
    if (c == '"') break;
    if (static_cast<unsigned char>(c) < 0x20) return expected("expected control characters to be escaped");
    ++at_;
    if (c != '\\') continue;
    if (at_ == text_.size()) return expected("expected the end of the string");
    const char escaped = text_[at_];
    if (escaped == 'u') {
      for (std::size_t i = 1; i <= 4; ++i) {
        if (at_ + i >= text_.size() || !text::is(text_[at_ + i], text::hex)) {
          return expected("expected four hexadecimal digits after \\u");
        }
      }
      at_ += 5;
    } else if (std::strchr("\"\\/bfnrt", escaped) != nullptr && escaped != '\0') {
      ++at_;
    } else {
      return expected("expected one of \" \\ / b f n r t u after the backslash");
    }
  }
  inner = text_.substr(from, at_ - from);
  ++at_;
  return true;
}

// number ::= [ '-' ] ( '0' | [1-9] digit* ) [ '.' digit+ ] [ [eE] [ +- ] digit+ ]
bool Scanner::number() noexcept {
  const auto digits = [&] {
    const std::size_t from = at_;
    while (at_ < text_.size() && text::is(text_[at_], text::digit)) ++at_;
    return at_ != from;
  };
  eat('-');
  if (!eat('0') && !digits()) return expected("expected a digit");
  if (eat('.') && !digits()) return expected("expected a digit after the decimal point");
  if (peek() == 'e' || peek() == 'E') {
    ++at_;
    if (!eat('+')) eat('-');
    if (!digits()) return expected("expected a digit in the exponent");
  }
  return true;
}

bool Scanner::word(std::string_view word) noexcept {
  if (text_.substr(at_, word.size()) != word) return expected("expected a value");
  at_ += word.size();
  return true;
}

bool Scanner::scalar() noexcept {
  std::string_view inner;
  switch (peek()) {
    case '"':
      return string(inner);
    case 't':
      return word("true");
    case 'f':
      return word("false");
    case 'n':
      return word("null");
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
      return number();
    default:
      return expected("expected a value");
  }
}

// Nesting lives in a bit per level rather than on the stack, so that depth costs no recursion.
bool Scanner::value(std::string_view& raw) {
  skip_space();
  const std::size_t from = at_;
  std::vector<bool> is_object;  // no allocation until the first container
  for (;;) {
    skip_space();
    const char c = peek();
    if (c == '{' || c == '[') {
      if (static_cast<int>(is_object.size()) >= depth_limit_) {
        too_deep_ = true;
        return expected("expected less nesting");
      }
      ++at_;
      skip_space();
      if (!eat(c == '{' ? '}' : ']')) {
        is_object.push_back(c == '{');
        if (c == '{') {
          std::string_view key;
          if (!string(key)) return expected("expected a key in double quotes");
          skip_space();
          if (!eat(':')) return expected("expected ':' after the key");
        }
        continue;
      }
    } else if (!scalar()) {
      return false;
    }
    for (;;) {
      if (is_object.empty()) {
        raw = text_.substr(from, at_ - from);
        return true;
      }
      skip_space();
      if (eat(',')) {
        if (is_object.back()) {
          skip_space();
          std::string_view key;
          if (!string(key)) return expected("expected a key in double quotes");
          skip_space();
          if (!eat(':')) return expected("expected ':' after the key");
        }
        break;
      }
      if (!eat(is_object.back() ? '}' : ']')) {
        return expected(is_object.back() ? "expected ',' or '}'" : "expected ',' or ']'");
      }
      is_object.pop_back();
    }
  }
}

bool valid(std::string_view text, int depth_limit) {
  if (!simdjson::validate_utf8(text.data(), text.size())) return false;
  Scanner scanner(text, depth_limit);
  std::string_view raw;
  return scanner.value(raw) && scanner.done();
}

void append_unescaped(std::string& out, std::string_view inner) {
  const auto unit = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 4 | static_cast<std::uint32_t>(text::hex_value(inner[at + i]));
    return value;
  };
  std::size_t from = 0;
  for (;;) {
    const std::size_t at = inner.find('\\', from);
    out.append(inner.substr(from, at == std::string_view::npos ? at : at - from));
    if (at == std::string_view::npos) return;
    from = at + 2;
    switch (inner[at + 1]) {
      case 'b':
        out += '\b';
        break;
      case 'f':
        out += '\f';
        break;
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case 'u': {
        std::uint32_t code = unit(at + 2);
        from = at + 6;
        if (code >= 0xD800 && code <= 0xDBFF && inner.size() - from >= 6 && inner[from] == '\\' &&
            inner[from + 1] == 'u') {
          const std::uint32_t low = unit(from + 2);
          if (low >= 0xDC00 && low <= 0xDFFF) {
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            from += 6;
          }
        }
        text::append_code_point(out, code);
        break;
      }
      default:
        out += inner[at + 1];
        break;
    }
  }
}

std::string string_value(std::string_view raw) {
  std::string out;
  if (raw.size() >= 2 && raw.front() == '"') append_unescaped(out, raw.substr(1, raw.size() - 2));
  return out;
}

void append_stripped(std::string& out, std::string_view json) {
  // Each level remembers whether a member was written already, and whether it is an object.
  struct Level {
    bool object;
    bool any;
  };
  std::vector<Level> levels;
  Scanner in(json, 1);
  std::string_view token;
  const auto scalar = [&] {
    const std::size_t from = in.at();
    return in.value(token) ? json.substr(from, in.at() - from) : std::string_view{};
  };
  // Writes what stands before a value in its container; says whether the value is a null member to be left out.
  std::string_view key;
  bool after_key = false;
  for (;;) {
    in.skip_space();
    const char c = in.peek();
    if (!levels.empty() && (c == '}' || c == ']')) {
      in.eat(c);
      out += c;
      levels.pop_back();
      if (levels.empty()) return;
      continue;
    }
    if (!levels.empty() && c == ',') {
      in.eat(c);
      continue;
    }
    if (!levels.empty() && levels.back().object && !after_key) {
      if (!in.string(key)) return;
      in.skip_space();
      in.eat(':');
      after_key = true;
      continue;
    }
    const bool container = c == '{' || c == '[';
    std::string_view value;
    if (!container) {
      value = scalar();
      if (value.empty()) return;
      if (after_key && value == "null") {
        after_key = false;
        continue;
      }
    }
    if (!levels.empty()) {
      if (levels.back().any) out += ',';
      levels.back().any = true;
    }
    if (after_key) {
      out += '"';
      out += key;
      out += "\":";
      after_key = false;
    }
    if (container) {
      in.eat(c);
      out += c;
      levels.push_back({c == '{', false});
    } else {
      out += value;
      if (levels.empty()) return;
    }
  }
}

}  // namespace ballast::json
