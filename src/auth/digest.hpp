#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ballast::auth {

/// A SHA-256 hash: what secrets are looked up by, so that neither memory nor timing gives them away.
using Digest = std::array<std::uint64_t, 4>;

Digest sha256(std::string_view bytes);

/// 64 hexadecimal digits, with or without `sha256:` before them.
std::optional<Digest> parse_digest(std::string_view text);

/// For tables by digest: any part of a hash is one.
struct DigestHash {
  std::size_t operator()(const Digest& digest) const noexcept { return digest[0]; }
};

/// Takes the same time whatever differs.
constexpr bool same(const Digest& a, const Digest& b) noexcept {
  return ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3])) == 0;
}

}  // namespace ballast::auth
