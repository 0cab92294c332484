#pragma once

#include <string>

#include "base/error.hpp"

/// Refusals of credentials, in PostgREST's words and codes (PGRST3xx), with the `WWW-Authenticate` field that RFC 6750
/// (3) asks for.
namespace ballast::auth {

/// 500 PGRST300: a token came, but there is no key to check it with.
Error secret_missing();
/// 401 PGRST301: no token, or not signed by a key of ours. `details` may be empty.
Error token_refused(std::string message, std::string details = {});
/// 401 PGRST302: there is no anonymous role.
Error anonymous_refused();
/// 401 PGRST303: the signature is right, the claims are not.
Error claims_refused(std::string message);
/// 401 BLST401: an API key that nobody was given.
Error api_key_refused();

}  // namespace ballast::auth
