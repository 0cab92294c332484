#include "locks/fence.hpp"

#include <fmt/format.h>

#include <charconv>

#include "locks/lease.hpp"
#include "text/cursor.hpp"

namespace ballast::locks {
namespace {

Error expected_at(std::string_view what, std::size_t at) {
  return make_error(400, "BLST810", fmt::format("Ballast-Fence: expected {} at position {}", what, at + 1))
      .with_hint("for example Ballast-Fence: seat-12A;token=42");
}

/// tchar of RFC 9110 section 5.6.2, and what RFC 9651 adds to it within tokens.
bool is_bare(char c) noexcept {
  return text::is(c, text::digit | text::alpha) ||
         std::string_view("!#$%&'*+-.^_`|~:/").find(c) != std::string_view::npos;
}

void skip_spaces(text::Cursor& in) {
  while (in.eat(' ')) {}
}

Result<std::string> quoted_name(text::Cursor& in) {
  std::string name;
  while (!in.done()) {
    char c = in.next();
    if (c == '"') return name;
    if (c == '\\') {
      c = in.next();
      if (c != '"' && c != '\\') return expected_at("\\\" or \\\\", in.at() - 1);
    }
    name.push_back(c);
  }
  return expected_at("the closing quote", in.at());
}

Result<std::string> bare_name(text::Cursor& in) {
  std::string name;
  while (!in.done() && is_bare(in.peek())) name.push_back(in.next());
  return name;
}

Result<std::int64_t> number(text::Cursor& in) {
  const std::size_t at = in.at();
  const std::string_view digits = in.run(text::digit);
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (fault != std::errc() || value < 1) return expected_at("a token from 1 to 2^63-1", at);
  return value;
}

}  // namespace

Result<Fence> parse_fence(std::string_view field, std::size_t max_name_length) {
  text::Cursor in(field);
  skip_spaces(in);
  const std::size_t at = in.at();
  Fence fence;
  BALLAST_TRY(fence.name, in.eat('"') ? quoted_name(in) : bare_name(in));
  if (!is_lease_name(fence.name, max_name_length)) {
    return expected_at(fmt::format("the name of a lease, 1 to {} visible ASCII characters", max_name_length), at);
  }
  skip_spaces(in);
  if (!in.eat(';')) return expected_at("';'", in.at());
  skip_spaces(in);
  if (!in.eat("token=")) return expected_at("token=", in.at());
  BALLAST_TRY(fence.token, number(in));
  skip_spaces(in);
  if (!in.done()) return expected_at("the end", in.at());
  return fence;
}

Error fence_failed(const Fence& fence) {
  return make_error(412, "BLST817",
                    fmt::format("the lease \"{}\" with the token {} is not current; nothing was changed", fence.name,
                                fence.token))
      .with_hint("acquire the lease anew, and look at what others changed meanwhile");
}

}  // namespace ballast::locks
