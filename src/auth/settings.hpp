#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace ballast::auth {

/// `[api_keys.NAME]`
struct ApiKeySettings {
  std::string hash;  ///< SHA-256 of the key, as hex, with or without `sha256:` before it; keys are random, so no salt
  std::string role;

  friend bool operator==(const ApiKeySettings&, const ApiKeySettings&) = default;
};

/// `jwt.*`, `jwks`, `api_keys.*`
struct Settings {
  std::string jwt_secret;                ///< `jwt.secret`: an HMAC secret of 32 bytes or more, or a JWK or JWKS as JSON
  bool jwt_secret_is_base64 = false;     ///< `jwt.secret_is_base64`: the HMAC secret is given in base64
  std::string jwks_file;                 ///< `jwks`: public keys of an identity provider, besides `jwt.secret`
  std::string jwt_audience;              ///< `jwt.aud`: empty accepts every audience
  std::string jwt_issuer;                ///< `jwt.iss`: empty accepts every issuer; otherwise the claim must be there
  std::string jwt_role_claim = ".role";  ///< `jwt.role_claim_key`: where the role is, as PostgREST's jwt-role-claim-key
  std::chrono::seconds jwt_clock_skew{30};   ///< what clocks may differ by; PostgREST's value
  std::uint32_t jwt_limit = 16U << 10;       ///< bytes of a token; above what identity providers issue
  std::uint32_t jwt_cache_entries = 10'000;  ///< verified tokens kept, about 1 KiB each; 0: none
  /// `jwt.service_role`: callers of this role may do everything, as Supabase's `service_role`. Empty: none.
  std::string service_role;
  std::map<std::string, ApiKeySettings> api_keys;
  /// Development, where everybody may do everything: as long as there is no key to check it with, a credential is not
  /// looked at, since client libraries always send one. Not a setting.
  bool unchecked_is_anonymous = false;
};

}  // namespace ballast::auth
