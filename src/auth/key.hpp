#pragma once

#include <openssl/types.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "auth/algorithm.hpp"
#include "base/result.hpp"

namespace ballast::auth {

/// A key that checks signatures. Bound to its kind, and to one algorithm where it names one.
class Key {
 public:
  /// Refuses fewer than 32 bytes (RFC 7518, 3.2).
  static Result<Key> from_secret(std::string secret);

  /// A JSON Web Key (RFC 7517) as valid JSON. Empty when it is well-formed but not for checking signatures here:
  /// another `use` or `key_ops`, a type, curve or algorithm we do not know (RFC 7517, 5). An RSA key below 2048 bits is
  /// refused.
  static Result<std::optional<Key>> from_jwk(std::string_view json);

  const std::string& id() const noexcept { return id_; }  ///< `kid`; empty when it has none
  bool fits(Algorithm algorithm) const noexcept {
    return kind_for(algorithm) == kind_ && (!algorithm_ || *algorithm_ == algorithm);
  }
  /// Requires `fits(algorithm)`. HMACs are compared in constant time. Thread-safe.
  bool verify(Algorithm algorithm, std::string_view signed_text, std::string_view signature) const;

 private:
  Key() = default;
  bool verify_hmac(Algorithm algorithm, std::string_view signed_text, std::string_view signature) const;
  bool verify_public(Algorithm algorithm, std::string_view signed_text, std::string_view signature) const;

  std::string id_;
  KeyKind kind_ = KeyKind::secret;
  std::optional<Algorithm> algorithm_;
  std::string secret_;
  std::shared_ptr<EVP_PKEY> public_;
};

}  // namespace ballast::auth
