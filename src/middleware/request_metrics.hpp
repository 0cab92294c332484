#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "http/request.hpp"
#include "observe/metrics.hpp"

namespace ballast::middleware {

/// Counts answers by method, route template and status, and how long they took by method and route. Thread-safe: the
/// counters of a combination are found in a table that is read without locks; it only grows, up to a limit.
class RequestMetrics {
 public:
  explicit RequestMetrics(observe::Metrics& metrics) : metrics_(metrics) {}
  RequestMetrics(const RequestMetrics&) = delete;
  RequestMetrics& operator=(const RequestMetrics&) = delete;

  void record(http::Method method, std::string_view route, int status, Duration took) const;

 private:
  struct Entry {
    std::string route;
    http::Method method;
    int status;
    observe::Counter answers;
    observe::Histogram seconds;
  };

  static constexpr std::size_t slots = 2048;
  static constexpr std::size_t limit = slots / 2;  // so that a probe is short; the registry bounds labels anyway

  const Entry& find(http::Method method, std::string_view route, int status) const;
  const Entry& add(http::Method method, std::string_view route, int status, std::size_t slot) const;

  observe::Metrics& metrics_;
  mutable std::array<std::atomic<const Entry*>, slots> table_{};
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<const Entry>> entries_;
  mutable std::unique_ptr<const Entry> other_;
};

}  // namespace ballast::middleware
