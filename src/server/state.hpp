#pragma once

#include <atomic>
#include <mutex>
#include <string>

namespace ballast::server {

/// What `/ready` and the metrics have to say about the process as a whole. Thread-safe.
class State {
 public:
  void begin_drain() noexcept { draining_.store(true); }
  bool draining() const noexcept { return draining_.load(); }

  /// Why the latest reload of the settings failed; empty when it did not.
  void set_settings_problem(std::string problem) {
    const std::lock_guard lock(mutex_);
    settings_problem_ = std::move(problem);
  }
  std::string settings_problem() const {
    const std::lock_guard lock(mutex_);
    return settings_problem_;
  }

 private:
  std::atomic<bool> draining_{false};
  mutable std::mutex mutex_;
  std::string settings_problem_;
};

}  // namespace ballast::server
