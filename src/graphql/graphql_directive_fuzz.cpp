#include <cstddef>
#include <cstdint>
#include <string_view>

#include "graphql/directive.hpp"

/// Comments of the database are outside input: whoever may write one must not be able to do more.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)ballast::graphql::directive_of(text);
  (void)ballast::graphql::parse_directive(text);
  return 0;
}
