#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace ballast::server {

/// Tells the service manager of our state by the datagram protocol of sd_notify(3): "READY=1", "STOPPING=1",
/// "STATUS=…", "WATCHDOG=1". Does nothing when NOTIFY_SOCKET is not set. Thread-safe.
void notify_manager(std::string_view state);

/// "RELOADING=1" with the monotonic time stamp that Type=notify-reload wants.
void notify_reloading();

/// How often the service manager wants to hear "WATCHDOG=1" (half of WATCHDOG_USEC); empty when it does not.
std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace ballast::server
