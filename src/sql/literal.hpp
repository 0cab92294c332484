#pragma once

#include <cstddef>
#include <string_view>

namespace ballast::sql {

/// SQL that we wrote. Constructible only from a string literal at compile time, so request text can never
/// become SQL.
class Literal {
 public:
  template <std::size_t N>
  consteval Literal(const char (&text)[N]) noexcept : text_(text, N - 1) {}  // NOLINT(google-explicit-constructor)
  constexpr std::string_view view() const noexcept { return text_; }

 private:
  std::string_view text_;
};

}  // namespace ballast::sql
