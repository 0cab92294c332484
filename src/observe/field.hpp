#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>
#include <variant>

namespace ballast::observe {

/// One name and value of a log line; views, valid during the call that logs them. Names are our own words
/// (`[a-z0-9_]+`), values may be anything.
struct Field {
  using Value = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

  std::string_view name;
  Value value;

  Field(std::string_view name, std::string_view text) : name(name), value(text) {}
  Field(std::string_view name, const char* text) : name(name), value(std::string_view(text)) {}
  template <std::integral T>
  Field(std::string_view name, T number) : name(name), value(widen(number)) {}
  Field(std::string_view name, double number) : name(name), value(number) {}

 private:
  template <std::integral T>
  static Value widen(T number) {
    if constexpr (std::same_as<T, bool>) {
      return number;
    } else if constexpr (std::signed_integral<T>) {
      return static_cast<std::int64_t>(number);
    } else {
      return static_cast<std::uint64_t>(number);
    }
  }
};

}  // namespace ballast::observe
