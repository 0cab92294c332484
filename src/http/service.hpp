#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>

#include "base/clock.hpp"
#include "http/handler.hpp"
#include "http/settings.hpp"

namespace ballast::http {

/// What the sessions of one server share; constant while it runs, apart from the two atomics. Outlives them all.
struct Service {
  Settings settings;
  Handler handler;
  const Chain* chain = nullptr;
  ErrorRenderer render;
  const Clock* clock = nullptr;
  /// Faults that a person should know of (an exception from a handler, a socket that cannot be accepted). Thread-safe.
  std::function<void(std::string_view)> report;
  /// A request that never reached the chain and what it was answered, for logs and metrics. Thread-safe.
  std::function<void(const Request&, const Response&)> refused;

  std::atomic<bool> draining{false};
  std::atomic<std::uint64_t> open{0};  ///< connections on all workers
};

}  // namespace ballast::http
