#pragma once

#include <chrono>
#include <cstdint>

namespace ballast::observe {

enum class Level : std::uint8_t { trace, debug, info, warning, error, off };

enum class LogFormat : std::uint8_t {
  automatic,  ///< human on a terminal, JSON otherwise
  human,
  json,  ///< one object per line
};

/// `log.*`
struct LogSettings {
  Level level = Level::info;  ///< what happens, not how: requests, reloads, faults
  LogFormat format = LogFormat::automatic;
  /// Lines below `warning` may wait so long for company, so that a busy server makes one system call for many of them;
  /// zero writes each at once. A terminal is always written to at once.
  std::chrono::milliseconds flush_interval{100};
};

}  // namespace ballast::observe
