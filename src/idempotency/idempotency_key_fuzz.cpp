// Idempotency-Key from arbitrary bytes. The oracle: what is understood, written out in quotes, is understood the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "idempotency/key.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ballast::idempotency;
  const auto key = parse_key(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!key) return key.error().status == 400 ? 0 : (std::abort(), 0);
  if (key->empty() || key->size() > 255) std::abort();
  std::string again = "\"";
  for (const char c : *key) {
    if (c == '"' || c == '\\') again.push_back('\\');
    again.push_back(c);
  }
  again += '"';
  const auto same = parse_key(again);
  if (!same || *same != *key) std::abort();
  return 0;
}
