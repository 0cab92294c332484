#include "storage/postgres/retry.hpp"

#include <random>

namespace ballast::storage::postgres {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t lost_limit = 3;   // connections that may break under one request
constexpr std::size_t stale_limit = 5;  // times a plan may go stale under one request; a burst has several

/// Grows with each try, and differs between those that met each other.
std::chrono::milliseconds jitter(std::size_t tries) {
  thread_local std::minstd_rand random(std::random_device{}());
  const std::int64_t most = 4 << std::min<std::size_t>(tries, 6);
  return std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(1, most)(random));
}

}  // namespace

Retry::Verdict Retry::after(Burst& burst, Lane lane, KnownStatement& known) {
  const bool late = std::chrono::steady_clock::now() >= deadline_;
  switch (burst.fate) {
    case Burst::Fate::none:
    case Burst::Fate::done:
      return again();
    case Burst::Fate::failed:
      return after_failure(burst, lane, known);
    case Burst::Fate::again:
      burst.shares_sync = false;
      return late ? fail(deadline_passed()) : again();
    case Burst::Fate::unsent:
      return late || ++lost_ > lost_limit ? fail(unreachable()) : again();
    case Burst::Fate::lost:
      if (!reads_) {
        lanes_.shared().stats.uncertain.fetch_add(1, std::memory_order_relaxed);
        return fail(commit_uncertain());
      }
      if (late) return fail(deadline_passed());
      return ++lost_ > lost_limit ? fail(unreachable()) : again();
    case Burst::Fate::expired:
      return fail(no_connection_free());
    case Burst::Fate::refused:
      return fail(unreachable());
  }
  return again();
}

Retry::Verdict Retry::after_failure(Burst& burst, Lane lane, KnownStatement& known) {
  const Failure& failure = *burst.failure;
  const auto now = std::chrono::steady_clock::now();
  auto& stats = lanes_.shared().stats;
  if (failure.timed_out() && now + 5ms >= deadline_) return fail(deadline_passed());
  if (now >= deadline_) return failure.lost() ? fail(unreachable()) : fail(map_failure(failure));
  if (failure.fatal) return ++lost_ > lost_limit ? fail(unreachable()) : again();
  if (failure.stale_plan()) {
    if (++stale_ > stale_limit) return fail(schema_in_motion());
    stats.prepared_again.fetch_add(1, std::memory_order_relaxed);
    return again();
  }
  if (failure.timed_out() && lane == Lane::fast) {
    lanes_.statements().was_slow(known);
    return again();
  }
  if (failure.repeatable() && ++repeated_ <= lanes_.shared().settings.retries) {
    stats.repeated.fetch_add(1, std::memory_order_relaxed);
    return again(jitter(repeated_));
  }
  return fail(map_failure(failure));
}

}  // namespace ballast::storage::postgres
