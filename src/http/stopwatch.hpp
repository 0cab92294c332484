#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"

namespace ballast::http {

/// What a request's time is spent on.
enum class Phase : std::uint8_t { credentials, parse, plan, transaction, response };

/// Tells a request's phases apart. Costs a branch until it is started.
class Stopwatch {
 public:
  using Laps = std::array<Duration, 5>;

  void start() {
    laps_.fill(Duration::zero());
    last_ = system_clock().now();
    running_ = true;
  }
  void stop() noexcept { running_ = false; }
  bool running() const noexcept { return running_; }

  /// The time since the last lap belongs to that phase.
  void lap(Phase phase) {
    if (!running_) return;
    const TimePoint now = system_clock().now();
    laps_[static_cast<std::size_t>(phase)] += now - last_;
    last_ = now;
  }
  const Laps& laps() const noexcept { return laps_; }

 private:
  bool running_ = false;
  TimePoint last_;
  Laps laps_{};
};

}  // namespace ballast::http
