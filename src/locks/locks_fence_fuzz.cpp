// Ballast-Fence from arbitrary bytes. The oracle: what is understood, written out in quotes, is understood the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "locks/fence.hpp"
#include "locks/lease.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ballast::locks;
  constexpr std::size_t longest = 64;
  const auto fence = parse_fence({reinterpret_cast<const char*>(data), size}, longest);
  if (!fence) return fence.error().status == 400 ? 0 : (std::abort(), 0);
  if (!is_lease_name(fence->name, longest) || fence->token < 1) std::abort();
  std::string again = "\"";
  for (const char c : fence->name) {
    if (c == '"' || c == '\\') again.push_back('\\');
    again.push_back(c);
  }
  again += "\" ; token=" + std::to_string(fence->token);
  const auto same = parse_fence(again, longest);
  if (!same || *same != *fence) std::abort();
  return 0;
}
