#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ballast::auth {

/// JWS signature algorithms (RFC 7518, 3.1; RFC 8037). `none` is not among them, by intent.
enum class Algorithm : std::uint8_t {
  hs256,
  hs384,
  hs512,
  rs256,
  rs384,
  rs512,
  ps256,
  ps384,
  ps512,
  es256,
  es384,
  es512,
  eddsa
};

/// What kind of key an algorithm needs. A key is of one kind, so no token can make a public key act as a secret.
enum class KeyKind : std::uint8_t { secret, rsa, p256, p384, p521, ed25519 };

std::optional<Algorithm> parse_algorithm(std::string_view name) noexcept;
KeyKind kind_for(Algorithm algorithm) noexcept;

}  // namespace ballast::auth
