#pragma once

#include <string>

namespace ballast::policy {

/// Who a request speaks for, as the authentication middleware found out. Anonymous until then.
struct Principal {
  std::string role;                ///< "anon" (the anonymous role's configured name) or the verified role
  std::string subject;             ///< the token's `sub`, an API key's name; empty for anonymous callers
  std::string claims_json = "{}";  ///< verified claims and the role, as JSON; what row policies may refer to
  bool authenticated = false;
  bool by_key = false;  ///< `subject` names an API key, not a token's subject
  bool bypass = false;  ///< service role or development mode: everything is allowed
};

}  // namespace ballast::policy
