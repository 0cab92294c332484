#pragma once

#include <atomic>
#include <cstdint>

namespace ballast::http {

/// Counted by one thread, read by any.
class Counter {
 public:
  void add(std::uint64_t n = 1) noexcept { set(value_.load(std::memory_order_relaxed) + n); }
  void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
  std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// A server's counters, summed over its workers.
struct Stats {
  std::uint64_t connections_open = 0;
  std::uint64_t connections_total = 0;    ///< accepted and served
  std::uint64_t connections_refused = 0;  ///< beyond max_connections
  std::uint64_t requests = 0;             ///< handed to the chain
  std::uint64_t requests_refused = 0;     ///< malformed, too large or too slow: answered by the session itself
  std::uint64_t bytes_in = 0;             ///< as the protocol sees them, before TLS
  std::uint64_t bytes_out = 0;
  double loop_lag_seconds = 0;  ///< how late the latest sweep was, on the worker that was latest
};

}  // namespace ballast::http
