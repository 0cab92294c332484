#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "auth/api_keys.hpp"
#include "auth/jwt.hpp"
#include "auth/settings.hpp"
#include "auth/token_cache.hpp"
#include "base/clock.hpp"
#include "observe/metrics.hpp"
#include "policy/principal.hpp"

namespace ballast::auth {

/// Turns credentials into a principal. Constant once made, apart from its cache; thread-safe.
class Authenticator {
 public:
  /// `anonymous_role` empty: callers without credentials are refused. `clock` and `metrics` (may be null) outlive it.
  /// An error says which setting is wrong.
  static Result<std::unique_ptr<Authenticator>> make(Settings settings, std::string anonymous_role, const Clock& clock,
                                                     observe::Metrics* metrics = nullptr);

  /// Of a caller who shows nothing: the anonymous role, or 401 PGRST302.
  Result<policy::Principal> anonymous() const;
  /// What follows `Bearer`: an API key, or else a JWT.
  Result<policy::Principal> bearer(std::string_view credential) const;
  /// The value of an `apikey` or `X-API-Key` field: an API key, or else a JWT, as Supabase's clients send it there.
  Result<policy::Principal> api_key(std::string_view credential) const;

  const std::string& anonymous_role() const noexcept { return anonymous_role_; }

 private:
  Authenticator(Settings settings, std::string anonymous_role, const Clock& clock, observe::Metrics* metrics);
  bool unchecked() const noexcept;
  std::optional<policy::Principal> known_key(const Digest& digest) const;
  Result<policy::Principal> token(std::string_view text, const Digest& digest) const;
  policy::Principal principal(std::string_view role, std::string_view subject) const;

  Settings settings_;
  std::string anonymous_role_;
  std::string anonymous_claims_;
  const Clock& clock_;
  KeySet keys_;
  RoleClaim role_claim_;
  ApiKeys api_keys_;
  mutable TokenCache cache_;
  observe::Counter lookups_;
  observe::Counter hits_;
};

}  // namespace ballast::auth
