#include "locks/errors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "text/datetime.hpp"

namespace ballast::locks {

std::string to_text(WallTime moment) {
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(moment.time_since_epoch());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(milliseconds);
  text::DateTime value;
  std::string out;
  text::from_epoch(seconds.count(), 0, value);
  text::append_datetime(out, value, 'T');
  fmt::format_to(std::back_inserter(out), ".{:03}Z", (milliseconds - seconds).count());
  return out;
}

Error expected(std::string message) { return make_error(400, "BLST810", std::move(message)); }

Error held_by_another(const Lease& lease) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(lease.left).count();
  const std::string until = lease.left.count() > 0 ? " until " + to_text(lease.expires_at) : "";
  return make_error(423, "BLST811", fmt::format("the lease \"{}\" is held by another{}", lease.name, until))
      .with_hint("try again then, or ask with \"wait\": SECONDS")
      .with_header("Retry-After", std::to_string(std::max<std::int64_t>(seconds, 1)));
}

Error not_current(std::string_view name) {
  return make_error(409, "BLST812",
                    fmt::format("the lease \"{}\" with this token is over: it expired or was released", name))
      .with_hint("acquire it anew, and look at what others changed meanwhile");
}

Error not_yours(std::string_view name) {
  return make_error(403, "BLST813", fmt::format("the lease \"{}\" is held by another", name));
}

Error too_many_leases(std::size_t most) {
  return make_error(409, "BLST814", fmt::format("expected at most {} leases of one owner at a time", most))
      .with_hint("release some; the setting is locks.max_leases_per_owner");
}

Error anonymous_refused() {
  return make_error(401, "BLST815", "leases are for callers who say who they are")
      .with_hint("send a bearer token or an API key")
      .with_header("WWW-Authenticate", "Bearer");
}

Error no_such_lease(std::string_view name) {
  return make_error(404, "BLST816", fmt::format("nobody holds the lease \"{}\"", name));
}

Error shutting_down() {
  return unavailable("BLST818", "the server is shutting down and ended the wait", 1).with_hint("ask again");
}

Error too_many_waiting() {
  return unavailable("BLST818", "too many requests wait for leases", 1).with_hint("the setting is locks.max_waiting");
}

}  // namespace ballast::locks
