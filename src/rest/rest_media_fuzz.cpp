#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rest/format.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const ballast::catalog::Snapshot snapshot({}, {"public"}, 1);
  ballast::rest::Offers offers{snapshot};
  offers.plans = true;
  (void)ballast::rest::choose_format(text, offers);
  (void)ballast::rest::body_type(text);
  return 0;
}
