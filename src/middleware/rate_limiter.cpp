#include "middleware/rate_limiter.hpp"

#include <algorithm>
#include <functional>

namespace ballast::middleware {

RateLimiter::RateLimiter(const RateLimitSettings& settings)
    : window_(settings.window),
      interval_(std::max<Duration>(window_ / settings.requests, Duration(1))),
      capacity_(std::max<std::size_t>(1, (settings.max_callers + shards - 1) / shards)) {}

TimePoint& RateLimiter::bucket(Shard& shard, std::string_view caller, TimePoint now) {
  if (const auto found = shard.buckets.find(caller); found != shard.buckets.end()) {
    shard.by_use.splice(shard.by_use.begin(), shard.by_use, found->second);
    return found->second->full_at;
  }
  if (shard.buckets.size() >= capacity_) {
    shard.buckets.erase(shard.by_use.back().caller);
    shard.by_use.pop_back();
  }
  shard.by_use.push_front({std::string(caller), now});
  shard.buckets.emplace(shard.by_use.front().caller, shard.by_use.begin());
  return shard.by_use.front().full_at;
}

RateLimiter::Verdict RateLimiter::take(std::string_view caller, TimePoint now) {
  Shard& shard = shards_[std::hash<std::string_view>{}(caller) % shards];
  const std::scoped_lock lock(shard.mutex);
  TimePoint& full_at = bucket(shard, caller, now);
  const TimePoint before = std::max(full_at, now);
  const TimePoint after = before + interval_;
  Verdict verdict;
  verdict.allowed = after - now <= window_;
  if (verdict.allowed) {
    full_at = after;
  } else {
    verdict.retry_in = after - now - window_;
  }
  verdict.full_in = (verdict.allowed ? after : before) - now;
  verdict.remaining =
      static_cast<std::uint32_t>(std::max<Duration>(window_ - verdict.full_in, Duration(0)) / interval_);
  return verdict;
}

std::size_t RateLimiter::size() const {
  std::size_t total = 0;
  for (const Shard& shard : shards_) {
    const std::scoped_lock lock(shard.mutex);
    total += shard.buckets.size();
  }
  return total;
}

}  // namespace ballast::middleware
