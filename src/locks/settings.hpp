#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

namespace ballast::locks {

/// Where leases are served.
constexpr std::string_view path = "/locks/v1";

struct Settings {
  bool enabled = true;
  bool anonymous = false;  ///< callers without credentials may hold leases, all of them as one owner
  std::chrono::milliseconds default_ttl{30'000};
  /// A holder that died keeps others waiting for this long at most.
  std::chrono::milliseconds max_ttl{3'600'000};
  std::chrono::milliseconds max_wait{25'000};  ///< less than proxies wait for an answer, and http.request_timeout
  /// How often the first in line asks the database anew: it is told at once of leases that this process released, but
  /// not of those that another one did.
  std::chrono::milliseconds poll_interval{500};
  std::size_t max_name_length = 128;
  std::size_t max_leases_per_owner = 1'000;
  std::size_t max_waiting = 1'000;  ///< requests that wait at one time; each keeps its connection
};

}  // namespace ballast::locks
