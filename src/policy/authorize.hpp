#pragma once

#include "base/result.hpp"
#include "policy/principal.hpp"
#include "policy/rules.hpp"
#include "query/operation.hpp"

namespace ballast::policy {

/// The one place where access is decided, for every front end: every relation the operation touches (embeds and
/// junctions too) must be granted to the principal's role. Refuses with 42501 as PostgreSQL would say it
/// ("permission denied for table x"): 401 for anonymous callers, 403 otherwise. Pure.
Result<void> authorize(const query::Operation& operation, const Principal& principal, const Rules& rules);

}  // namespace ballast::policy
