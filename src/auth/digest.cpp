#include "auth/digest.hpp"

#include <cstring>

#include "base/sha256.hpp"
#include "text/chars.hpp"

namespace ballast::auth {
Digest sha256(std::string_view bytes) {
  const auto hash = ballast::sha256(bytes);
  Digest digest;
  static_assert(sizeof digest == sizeof hash);
  std::memcpy(digest.data(), hash.data(), hash.size());
  return digest;
}

std::optional<Digest> parse_digest(std::string_view text) {
  if (text.starts_with("sha256:")) text.remove_prefix(7);
  if (text.size() != 64) return std::nullopt;
  std::array<unsigned char, 32> hash{};
  for (std::size_t i = 0; i < hash.size(); ++i) {
    const char high = text[2 * i];
    const char low = text[2 * i + 1];
    if (!text::is(high, text::hex) || !text::is(low, text::hex)) return std::nullopt;
    hash[i] = static_cast<unsigned char>(text::hex_value(high) * 16 + text::hex_value(low));
  }
  Digest digest;
  std::memcpy(digest.data(), hash.data(), hash.size());
  return digest;
}

}  // namespace ballast::auth
