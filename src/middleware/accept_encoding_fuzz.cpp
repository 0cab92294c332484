// Accept-Encoding from arbitrary bytes. The oracle: a coding is chosen only when the field names it or `*`, and a field
// that does not speak of identity refuses it only through `*`.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "middleware/accept_encoding.hpp"
#include "text/chars.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ballast::middleware;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const CodingChoice choice = choose_coding(text);
  std::string lower(text);
  for (char& c : lower) c = ballast::text::lower(c);
  const bool any = lower.find('*') != std::string::npos;
  const auto names = [&](std::string_view name) { return any || lower.find(name) != std::string::npos; };
  if (choice.coding != Coding::identity && !names(to_string(choice.coding))) std::abort();
  if (!choice.identity_allowed && !names("identity")) std::abort();
  if (choose_coding(lower) != choice) std::abort();
  return 0;
}
