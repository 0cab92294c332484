#pragma once

#include <string_view>

#include "base/error.hpp"
#include "locks/lease.hpp"

namespace ballast::locks {

/// RFC 3339, in UTC, to the millisecond.
std::string to_text(WallTime moment);

Error expected(std::string message);         ///< 400 BLST810
Error held_by_another(const Lease& lease);   ///< 423 BLST811, Retry-After from the lease's end
Error not_current(std::string_view name);    ///< 409 BLST812
Error not_yours(std::string_view name);      ///< 403 BLST813
Error too_many_leases(std::size_t most);     ///< 409 BLST814
Error anonymous_refused();                   ///< 401 BLST815
Error no_such_lease(std::string_view name);  ///< 404 BLST816
Error shutting_down();                       ///< 503 BLST818
Error too_many_waiting();                    ///< 503 BLST818

}  // namespace ballast::locks
