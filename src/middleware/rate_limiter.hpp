#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "middleware/settings.hpp"

namespace ballast::middleware {

/// Token buckets by caller. A bucket is full at first, holds `requests`, and fills evenly over `window`; kept as the
/// one instant at which it will be full again (the generic cell rate algorithm). Thread-safe, sharded; bounded: what is
/// forgotten is a bucket that has not been used for longest, often full anyway.
class RateLimiter {
 public:
  /// `settings.requests` > 0.
  explicit RateLimiter(const RateLimitSettings& settings);

  struct Verdict {
    bool allowed = true;
    std::uint32_t remaining = 0;  ///< requests that would be allowed now
    Duration full_in{};           ///< until the bucket is full again
    Duration retry_in{};          ///< until the next request is allowed; zero when this one was
  };
  Verdict take(std::string_view caller, TimePoint now);
  std::size_t size() const;

 private:
  static constexpr std::size_t shards = 16;
  struct Bucket {
    std::string caller;
    TimePoint full_at;
  };
  struct alignas(64) Shard {
    mutable std::mutex mutex;
    std::list<Bucket> by_use;  // most recent first; the map's keys view into it
    std::unordered_map<std::string_view, std::list<Bucket>::iterator> buckets;
  };

  TimePoint& bucket(Shard& shard, std::string_view caller, TimePoint now);

  const Duration window_;
  const Duration interval_;     // one request's share of the window
  const std::size_t capacity_;  // per shard
  std::array<Shard, shards> shards_;
};

}  // namespace ballast::middleware
