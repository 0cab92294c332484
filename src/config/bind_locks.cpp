#include "config/durations.hpp"
#include "config/setting.hpp"

namespace ballast::config {
void bind_locks(Registry& r) {
  r.add("locks.enabled", [](Settings & s) -> auto& { return s.locks.enabled; },
        {.doc = "Serves leases with fencing tokens at `/locks/v1/{name}`. Their table is made in the database when the "
                "first one is asked for.",
         .example = "false"});
  r.add(
      "locks.anonymous", [](Settings & s) -> auto& { return s.locks.anonymous; },
      {.doc = "Lets callers without credentials hold leases, too, all of them as one owner. Always so in development.",
       .example = "true"});
  r.add("locks.default_ttl", [](Settings & s) -> auto& { return s.locks.default_ttl; },
        {.doc = "How long a lease lasts when the request does not say.",
         .example = "10s",
         .minimum = 100 * millisecond,
         .maximum = 30 * day});
  r.add("locks.max_ttl", [](Settings & s) -> auto& { return s.locks.max_ttl; },
        {.doc = "The longest that a lease may last without being renewed: so long a holder that died keeps others "
                "waiting.",
         .example = "5m",
         .minimum = 100 * millisecond,
         .maximum = 30 * day});
  r.add("locks.max_wait", [](Settings & s) -> auto& { return s.locks.max_wait; },
        {.doc = "The longest that a request may ask to wait for a lease that another holds. Its own deadline "
                "(`http.request_timeout`) ends a wait as well. 0: nobody waits.",
         .example = "5s",
         .minimum = 0,
         .maximum = day});
  r.add("locks.poll_interval", [](Settings & s) -> auto& { return s.locks.poll_interval; },
        {.doc = "How often the first in line asks the database whether a lease was released by another server of the "
                "same database; of those that this one releases it is told at once.",
         .example = "2s",
         .minimum = 10 * millisecond,
         .maximum = 60 * second});
  r.add("locks.max_name_length", [](Settings & s) -> auto& { return s.locks.max_name_length; },
        {.doc = "The most characters of a lease's name.", .example = "64", .minimum = 1, .maximum = 1'024});
  r.add("locks.max_leases_per_owner", [](Settings & s) -> auto& { return s.locks.max_leases_per_owner; },
        {.doc = "The most leases that one owner (a token's subject, an API key, or else a role) may hold at a time.",
         .example = "100",
         .minimum = 1,
         .maximum = 1'000'000});
  r.add("locks.max_waiting", [](Settings & s) -> auto& { return s.locks.max_waiting; },
        {.doc = "How many requests may wait for leases at one time, each on a connection of its own; 503 beyond.",
         .example = "100",
         .minimum = 0,
         .maximum = 1'000'000});
}

}  // namespace ballast::config
