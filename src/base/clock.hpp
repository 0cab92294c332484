#pragma once

#include <chrono>

namespace ballast {

using Duration = std::chrono::steady_clock::duration;
using TimePoint = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;

/// Time as a dependency, so that tests can move it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const noexcept = 0;  ///< monotonic: deadlines, durations
  virtual WallTime wall() const noexcept = 0;  ///< calendar: token expiry, logs
};

/// The machine's clock; a stateless constant.
const Clock& system_clock() noexcept;

/// A clock that stands still until moved. Not thread-safe while being moved.
class FakeClock final : public Clock {
 public:
  TimePoint now() const noexcept override { return now_; }
  WallTime wall() const noexcept override { return wall_; }
  void advance(Duration by) noexcept {
    now_ += by;
    wall_ += std::chrono::duration_cast<WallTime::duration>(by);
  }
  void set_wall(WallTime wall) noexcept { wall_ = wall; }

 private:
  TimePoint now_{std::chrono::seconds(1'000'000)};
  WallTime wall_{std::chrono::seconds(1'700'000'000)};
};

}  // namespace ballast
