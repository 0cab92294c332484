#include "locks/service.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>

#include "locks/errors.hpp"

namespace ballast::locks {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;

/// A lease that is over may still be in the way of a moment's work.
constexpr milliseconds shortest_pause{20};

TimePoint now() { return std::chrono::steady_clock::now(); }

}  // namespace

awaitable<Result<Attempt>> Service::acquire(Claim claim, Patience patience, storage::Context context) {
  if (!line_.occupied(claim.name)) {
    auto attempt = co_await repository_.acquire(claim, context);
    const bool waits = attempt && attempt->outcome == Attempt::Outcome::held && now() < patience.until;
    if (!waits) co_return attempt;
  } else if (now() >= patience.until) {
    auto held = co_await give_up(std::move(claim.name), context);
    co_return held;
  }
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  const auto place = line_.join(claim.name, executor);
  if (place == nullptr) co_return too_many_waiting();
  auto attempt = co_await wait_turn(*place, std::move(claim), std::move(patience), context);
  co_return attempt;
}

awaitable<Result<Attempt>> Service::wait_turn(WaitingLine::Place& place, Claim claim, Patience patience,
                                              storage::Context context) {
  while (true) {
    if (line_.stopped()) co_return shutting_down();
    // Nobody would release what a client that is gone was given.
    const bool wanted = now() < patience.until && !(patience.left && patience.left());
    if (!wanted) break;
    milliseconds pause = poll_interval_;
    if (place.first()) {
      auto attempt = co_await repository_.acquire(claim, context);
      if (!attempt || attempt->outcome != Attempt::Outcome::held) co_return attempt;
      pause = std::clamp(attempt->lease.left, std::min(shortest_pause, poll_interval_), poll_interval_);
    }
    co_await place.wait(std::min(patience.until, now() + pause));
  }
  auto held = co_await give_up(std::move(claim.name), context);
  co_return held;
}

awaitable<Result<Attempt>> Service::give_up(std::string name, storage::Context context) {
  auto holder = co_await repository_.find(name, context);
  if (!holder) co_return std::move(holder).error();
  Attempt attempt{Attempt::Outcome::held, {}};
  if (*holder) attempt.lease = std::move(**holder);
  attempt.lease.name = std::move(name);
  co_return attempt;
}

awaitable<Result<std::optional<Lease>>> Service::renew(Grip grip, milliseconds ttl, storage::Context context) {
  return repository_.renew(std::move(grip), ttl, context);
}

awaitable<Result<bool>> Service::release(Grip grip, storage::Context context) {
  std::string name = grip.name;
  auto released = co_await repository_.release(std::move(grip), context);
  if (released && *released) line_.wake(name);
  co_return released;
}

awaitable<Result<std::optional<Lease>>> Service::find(std::string name, storage::Context context) {
  return repository_.find(std::move(name), context);
}

awaitable<Result<void>> Service::prepare(storage::Context context) { return repository_.prepare(context); }

awaitable<Result<bool>> Service::check(std::string name, std::int64_t token, storage::Context context) {
  return repository_.check_fence(std::move(name), token, context);
}

}  // namespace ballast::locks
