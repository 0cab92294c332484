#include "batch/reference.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "json/scanner.hpp"
#include "text/utf8.hpp"

namespace ballast::batch {
namespace {

constexpr std::size_t longest_id = 64;
constexpr std::size_t most_digits = 9;

bool in_id(char c) { return text::is(c, text::alpha | text::digit | text::underscore) || c == '-'; }

bool in_name(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && std::string_view(".[]{}\"\\\x7F").find(c) == std::string_view::npos;
}

template <class Accepts>
std::string_view take_while(text::Cursor& at, Accepts accepts) {
  const std::string_view rest = at.rest();
  const auto end = std::find_if_not(rest.begin(), rest.end(), accepts);
  const std::string_view taken = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  at.skip(taken.size());
  return taken;
}

std::optional<Reference::Step> take_bracketed(text::Cursor& at) {
  if (at.peek() == '"') {
    json::Scanner string(at.rest(), 1);
    std::string_view inner;
    if (!string.string(inner)) return std::nullopt;
    at.skip(string.at());
    std::string name;
    json::append_unescaped(name, inner);
    if (!at.eat(']')) return std::nullopt;
    return name;
  }
  const std::string_view digits = at.run(text::digit);
  if (digits.empty() || digits.size() > most_digits || !at.eat(']')) return std::nullopt;
  std::size_t index = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), index);
  return index;
}

bool take_path(text::Cursor& at, std::vector<Reference::Step>& path) {
  for (;;) {
    if (at.eat('[')) {
      auto step = take_bracketed(at);
      if (!step) return false;
      path.push_back(std::move(*step));
    } else if (at.eat('.')) {
      const std::string_view name = take_while(at, in_name);
      if (name.empty()) return false;
      path.emplace_back(std::string(name));
    } else {
      return true;
    }
  }
}

}  // namespace

bool is_request_id(std::string_view text) noexcept {
  return !text.empty() && text.size() <= longest_id && std::all_of(text.begin(), text.end(), in_id);
}

std::optional<Reference> take_reference(text::Cursor& at) {
  const std::string_view start = at.rest();
  Reference found;
  found.request = std::string(take_while(at, in_id));
  if (!is_request_id(found.request) || !at.eat('.')) return std::nullopt;
  if (at.eat("status")) {
    found.part = Reference::Part::status;
  } else if (at.eat("headers.")) {
    found.part = Reference::Part::header;
    found.field = std::string(take_while(at, in_id));
    if (found.field.empty()) return std::nullopt;
  } else if (!at.eat("body") || !take_path(at, found.path)) {
    return std::nullopt;
  }
  found.text = std::string(start.substr(0, start.size() - at.rest().size()));
  if (!text::valid_utf8(found.text)) return std::nullopt;
  return found;
}

Result<Reference> parse_reference(std::string_view text) {
  text::Cursor at(text);
  auto found = take_reference(at);
  if (found && at.done()) return std::move(*found);
  return make_error(400, "BLST441", "\"" + std::string(text.substr(0, 200)) + "\" is no reference to an answer")
      .with_hint("expected ID.status, ID.headers.NAME or ID.body with a path such as ID.body[0].name");
}

}  // namespace ballast::batch
