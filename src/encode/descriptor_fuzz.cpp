#include <cstdlib>

#include "encode/descriptor.hpp"

// Whatever is accepted is what `object_descriptor` makes of it, up to the spelling of numbers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto object = ballast::encode::parse_object_descriptor({reinterpret_cast<const char*>(data), size});
  if (!object) return 0;
  const auto again = ballast::encode::parse_object_descriptor(ballast::encode::object_descriptor(*object));
  if (!again || *again != *object) std::abort();
  return 0;
}
