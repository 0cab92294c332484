#include "middleware/request_metrics.hpp"

#include <functional>

namespace ballast::middleware {
namespace {

std::size_t hash_of(http::Method method, std::string_view route, int status) noexcept {
  const std::size_t mixed =
      std::hash<std::string_view>{}(route) ^
      (static_cast<std::size_t>(status) * 8 + static_cast<std::size_t>(method)) * 0x9e3779b97f4a7c15U;
  return mixed ^ mixed >> 32U;
}

}  // namespace

void RequestMetrics::record(http::Method method, std::string_view route, int status, Duration took) const {
  const Entry& entry = find(method, route, status);
  entry.answers.add();
  const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(took).count();
  entry.seconds.record(nanoseconds > 0 ? static_cast<std::uint64_t>(nanoseconds) : 0);
}

const RequestMetrics::Entry& RequestMetrics::find(http::Method method, std::string_view route, int status) const {
  for (std::size_t slot = hash_of(method, route, status) % slots;; slot = (slot + 1) % slots) {
    const Entry* entry = table_[slot].load(std::memory_order_acquire);
    if (entry == nullptr) return add(method, route, status, slot);
    if (entry->status == status && entry->method == method && entry->route == route) return *entry;
  }
}

/// `slot` was the first free one of the combination's probe; another thread may have come first.
const RequestMetrics::Entry& RequestMetrics::add(http::Method method, std::string_view route, int status,
                                                 std::size_t slot) const {
  const std::scoped_lock lock(mutex_);
  for (;; slot = (slot + 1) % slots) {
    const Entry* entry = table_[slot].load(std::memory_order_acquire);
    if (entry == nullptr) break;
    if (entry->status == status && entry->method == method && entry->route == route) return *entry;
  }
  const bool full = entries_.size() >= limit;
  if (full && other_) return *other_;
  const std::string name = full ? "other" : std::string(route);
  const std::string method_name = full ? "other" : std::string(http::to_string(method));
  auto entry = std::make_unique<Entry>();
  entry->route = name;
  entry->method = method;
  entry->status = status;
  entry->answers =
      metrics_.counter("ballast_http_requests_total", "Answers by method, route template and status.",
                       {{"method", method_name}, {"route", name}, {"status", full ? "other" : std::to_string(status)}});
  entry->seconds = metrics_.histogram("ballast_http_request_duration_seconds",
                                      "From a request's arrival to its answer being ready to send.",
                                      observe::latency_buckets(), {{"method", method_name}, {"route", name}});
  if (full) {
    other_ = std::move(entry);
    return *other_;
  }
  entries_.push_back(std::move(entry));
  table_[slot].store(entries_.back().get(), std::memory_order_release);
  return *entries_.back();
}

}  // namespace ballast::middleware
