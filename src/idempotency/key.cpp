#include "idempotency/key.hpp"

#include "auth/digest.hpp"
#include "idempotency/errors.hpp"
#include "text/trim.hpp"

namespace ballast::idempotency {
namespace {

constexpr std::size_t longest = 255;

bool visible(char c) { return c > ' ' && c < '\x7f'; }

Result<std::string> parse_quoted(std::string_view field) {
  std::string key;
  for (std::size_t i = 1; i < field.size(); ++i) {
    char c = field[i];
    if (c == '"') {
      if (i + 1 != field.size()) return invalid_key("there is something behind the closing quote");
      return key;
    }
    if (c == '\\') {
      if (++i == field.size() || (field[i] != '"' && field[i] != '\\'))
        return invalid_key("only \\\" and \\\\ are escapes");
      c = field[i];
    } else if (!visible(c) && c != ' ') {
      return invalid_key("it holds a character that is not printable ASCII");
    }
    key.push_back(c);
  }
  return invalid_key("the closing quote is missing");
}

}  // namespace

std::int64_t Key::number() const { return static_cast<std::int64_t>(auth::sha256(scope + '\n' + text)[0]); }

Result<std::string> parse_key(std::string_view field) {
  field = text::trimmed(field);
  std::string key;
  if (field.starts_with('"')) {
    BALLAST_TRY(key, parse_quoted(field));
  } else {
    for (const char c : field) {
      if (!visible(c) || c == '"') return invalid_key("it holds a space, a quote or a character that is not printable");
    }
    key = field;
  }
  if (key.empty()) return invalid_key("it is empty");
  if (key.size() > longest) return invalid_key("it is longer than 255 characters");
  return key;
}

Result<std::optional<std::string>> parse_key(const http::Headers& headers) {
  const std::size_t count = headers.count("Idempotency-Key");
  if (count == 0) return std::optional<std::string>();
  if (count > 1) return invalid_key("the header was sent more than once");
  BALLAST_TRY(std::string key, parse_key(*headers.find("Idempotency-Key")));
  return std::optional(std::move(key));
}

}  // namespace ballast::idempotency
