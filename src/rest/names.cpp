#include "rest/names.hpp"

#include <charconv>

#include "text/trim.hpp"

namespace ballast::rest {
namespace {

bool in_identifier(char c) {
  return text::is(c, text::digit | text::alpha | text::underscore) || c == ' ' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool in_key(char c) { return c != '\0' && std::string_view("(-:.,>)").find(c) == std::string_view::npos; }

/// Words of `accepts`, joined by single dashes that do not start an arrow. Empty on a mistake.
template <class Accepts>
std::string dashed(text::Cursor& at, Accepts accepts) {
  std::string name;
  while (true) {
    const std::size_t start = at.at();
    const std::string_view rest = at.rest();
    std::size_t n = 0;
    while (n < rest.size() && accepts(rest[n])) ++n;
    const std::string_view word = text::trimmed(rest.substr(0, n));
    if (word.empty()) {
      at.back_to(start + n);
      return {};
    }
    at.skip(n);
    name.append(word);
    if (at.peek() != '-' || at.peek(1) == '>') return name;
    at.skip();
    name.push_back('-');
  }
}

/// An array index, if one stands here and the operand ends behind it.
std::optional<std::int64_t> index(text::Cursor& at) {
  const std::string_view rest = at.rest();
  std::size_t n = rest.starts_with('-') ? 1 : 0;
  const std::size_t digits = n;
  while (n < rest.size() && text::is(rest[n], text::digit)) ++n;
  if (n == digits) return std::nullopt;
  const std::string_view behind = rest.substr(n);
  const bool ends = behind.empty() || behind.starts_with("->") || behind.starts_with("::") ||
                    std::string_view(".,) ").find(behind.front()) != std::string_view::npos;
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(rest.data(), rest.data() + n, value);
  if (!ends || failed != std::errc() || end != rest.data() + n) return std::nullopt;
  at.skip(n);
  return value;
}

}  // namespace

void skip_blanks(text::Cursor& at) { at.run(text::space); }

std::optional<std::string> quoted(text::Cursor& at) {
  if (!at.eat('"')) return std::nullopt;
  std::string value;
  while (!at.done()) {
    char c = at.next();
    if (c == '"') return value;
    if (c == '\\') {
      if (at.done()) break;
      c = at.next();
    }
    value.push_back(c);
  }
  return std::nullopt;
}

std::optional<std::string> field_name(text::Cursor& at) {
  skip_blanks(at);
  if (at.peek() == '"') {
    auto name = quoted(at);
    if (name && name->empty()) return std::nullopt;
    return name;
  }
  std::string name = dashed(at, in_identifier);
  if (name.empty()) return std::nullopt;
  return name;
}

bool json_path(text::Cursor& at, std::vector<query::JsonStep>& path) {
  while (at.eat("->")) {
    query::JsonStep step;
    step.as_text = at.eat('>');
    if (const auto position = index(at)) {
      step.key = *position;
    } else if (at.peek() == '"') {
      auto key = quoted(at);
      if (!key) return false;
      step.key = std::move(*key);
    } else {
      std::string key = dashed(at, in_key);
      if (key.empty()) return false;
      step.key = std::move(key);
    }
    path.push_back(std::move(step));
  }
  return true;
}

std::optional<Field> field(text::Cursor& at) {
  auto name = field_name(at);
  if (!name) return std::nullopt;
  Field found{std::move(*name), {}};
  if (!json_path(at, found.path)) return std::nullopt;
  return found;
}

}  // namespace ballast::rest
