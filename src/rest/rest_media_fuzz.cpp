#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rest/media_type.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)ballast::rest::negotiate(text);
  (void)ballast::rest::body_type(text);
  return 0;
}
