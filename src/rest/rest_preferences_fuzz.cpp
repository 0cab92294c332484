#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rest/preferences.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto preferences = ballast::rest::parse_preferences(text);
  (void)ballast::rest::check_preferences(preferences);
  (void)ballast::rest::preference_applied(preferences, {true, true, true, true, true});
  return 0;
}
