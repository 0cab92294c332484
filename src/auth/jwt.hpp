#pragma once

#include <string>
#include <string_view>

#include "auth/claims.hpp"
#include "auth/key_set.hpp"
#include "auth/role_claim.hpp"
#include "base/result.hpp"

namespace ballast::auth {

/// What a token with a good signature says. Its claims still have to hold at the time of use.
struct Token {
  Claims claims;
  std::string role;  ///< empty when the role claim is absent
};

/// Checks the signature of a JWS in compact form (RFC 7515, 7.1): three parts of base64url, a header with an `alg` that
/// a key of ours is for, no `crit`. With a `kid`, only keys of that id are tried. 401 PGRST301 in PostgREST's words.
///
/// Claims of the wrong kind do not fail here, but when they are checked: such a token is worth caching too.
Result<Token> verify_token(std::string_view text, const KeySet& keys, const RoleClaim& role, const Settings& settings);

}  // namespace ballast::auth
