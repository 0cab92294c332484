#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rest/select.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!ballast::rest::parse_select(text, {}).ok()) return 0;
  return 0;
}
