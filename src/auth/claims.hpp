#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/settings.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

namespace ballast::auth {

/// The registered claims (RFC 7519, 4.1) that decide whether a token counts, taken from its payload once.
struct Claims {
  std::string json;  ///< every claim, each name once
  std::string subject;
  std::optional<double> expires;  ///< seconds since 1970, as the other two
  std::optional<double> not_before;
  std::optional<double> issued;
  std::optional<Error> wrong;  ///< what time will not heal: a claim of the wrong type, audience, issuer

  /// 401 PGRST303 unless the claims hold at that time, give or take `skew`.
  Result<void> check(WallTime now, std::chrono::seconds skew) const;
  /// No later time makes the claims hold.
  bool expired(WallTime now, std::chrono::seconds skew) const;
};

/// The claims with the member `role` set to the role that was found, wherever it was: what PostgreSQL reads in
/// `request.jwt.claims`.
std::string with_role(std::string_view claims, std::string_view role);

/// From a token's decoded payload. 401 PGRST303 when that is no JSON object.
Result<Claims> parse_claims(std::string_view payload, const Settings& settings);

}  // namespace ballast::auth
