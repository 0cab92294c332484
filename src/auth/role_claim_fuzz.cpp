// Paths to the role, and claims to follow them through: a line of path, the rest JSON.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "auth/role_claim.hpp"
#include "json/reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t newline = text.find('\n');
  const auto path = ballast::auth::RoleClaim::parse(text.substr(0, newline));
  if (!path || newline == std::string_view::npos) return 0;
  const auto claims = ballast::json::parse(text.substr(newline + 1), {.size = 1U << 16, .depth = 32});
  if (claims) (void)path->find(claims->raw);
  return 0;
}
