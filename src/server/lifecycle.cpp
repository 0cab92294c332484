#include "server/lifecycle.hpp"

#include <csignal>
#include <ctime>

#include "server/systemd.hpp"

namespace ballast::server {
namespace {

sigset_t awaited() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}

/// The next signal, or 0 after `wait`.
int next_signal(std::chrono::milliseconds wait) {
  const auto set = awaited();
  const timespec limit{wait.count() / 1000, (wait.count() % 1000) * 1'000'000};
  const int signal = ::sigtimedwait(&set, nullptr, &limit);
  return signal > 0 ? signal : 0;
}

int drain(Application& application, Duration grace) {
  application.log().info("shutting down", {{"grace_seconds", std::chrono::duration<double>(grace).count()}});
  notify_manager("STOPPING=1");
  auto drained = application.drain(grace);
  while (drained.wait_for(std::chrono::milliseconds(0)) != std::future_status::ready) {
    const int signal = next_signal(std::chrono::milliseconds(50));
    if (signal == SIGTERM || signal == SIGINT) {
      application.log().warning("second signal: connections are cut");
      return 0;
    }
  }
  if (!drained.get()) application.log().warning("requests were cut after the grace period");
  return 0;
}

}  // namespace

void block_signals() {
  const auto set = awaited();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

int run_until_signalled(Application& application, const std::function<std::optional<config::Settings>()>& settings,
                        const std::function<bool()>& changed, Duration grace) {
  notify_manager("READY=1");
  const auto watchdog = watchdog_interval();
  while (true) {
    const int signal = next_signal(std::chrono::milliseconds(500));
    if (watchdog) notify_manager("WATCHDOG=1");
    if (signal == SIGTERM || signal == SIGINT) return drain(application, grace);
    if (signal != SIGHUP && !changed()) continue;
    notify_reloading();
    if (const auto next = settings()) {
      application.reload(*next);
      application.log().info("settings reloaded");
    }
    notify_manager("READY=1");
  }
}

}  // namespace ballast::server
