#pragma once

#include <string>

#include "policy/principal.hpp"

namespace ballast::policy {

/// Whom what a caller owns belongs to: leases, idempotency keys. Subjects of tokens, API keys and roles have names of
/// their own each.
inline std::string identity_of(const Principal& principal) {
  if (principal.subject.empty()) return "role:" + principal.role;
  return (principal.by_key ? "key:" : "user:") + principal.subject;
}

}  // namespace ballast::policy
