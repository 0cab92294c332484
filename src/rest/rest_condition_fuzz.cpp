#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rest/condition.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)ballast::rest::parse_condition(text, {});
  (void)ballast::rest::parse_array_literal(text);
  const std::size_t prefix = ballast::rest::bindable_prefix(text);
  // What the plan cache takes for a value must be what the parser takes for one.
  if (prefix == 0) return 0;
  const auto condition = ballast::rest::parse_condition(text, {});
  if (!condition.ok()) __builtin_trap();
  const auto* comparison = std::get_if<ballast::rest::Comparison>(&condition->operation);
  if (comparison == nullptr || comparison->value != text.substr(prefix)) __builtin_trap();
  return 0;
}
