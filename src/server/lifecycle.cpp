#include "server/lifecycle.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <filesystem>

#include "server/systemd.hpp"

namespace ballast::server {
namespace {

namespace asio = boost::asio;

sigset_t awaited_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}

class Lifecycle {
 public:
  Lifecycle(Application& application, const std::string& watched_file)
      : application_(application), watched_file_(watched_file), modified_(modification()) {}

  int run() {
    await_signal();
    const sigset_t held = awaited_signals();
    ::pthread_sigmask(SIG_UNBLOCK, &held, nullptr);
    if (const auto interval = watchdog_interval()) beat(*interval);
    if (!watched_file_.empty()) watch_file();
    notify_manager(fmt::format("READY=1\nSTATUS=serving {}", application_.database()));
    io_.run();
    return 0;
  }

 private:
  void await_signal() {
    signals_.async_wait([this](const boost::system::error_code& ec, int number) {
      if (ec) return;
      if (number == SIGHUP) {
        reload();
      } else {
        end(number);
      }
      if (!io_.stopped()) await_signal();
    });
  }

  void reload() {
    if (draining_) return;
    notify_reloading();
    application_.reload();
    notify_manager("READY=1");
  }

  void end(int number) {
    const std::string_view name = number == SIGINT ? "SIGINT" : "SIGTERM";
    if (draining_) {
      application_.log().warning("second signal: connections are cut", {{"signal", name}});
      return io_.stop();
    }
    draining_ = true;
    const auto grace = application_.settings().program.shutdown_grace;
    application_.log().info("shutting down: finishing requests in flight",
                            {{"signal", name}, {"grace", config::print_duration(grace)}});
    notify_manager("STOPPING=1\nSTATUS=finishing requests in flight");
    drained_ = application_.begin_drain();
    await_drained();
  }

  /// Futures know no callbacks, and a thread that waits could not be told of the second signal.
  void await_drained() {
    if (drained_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
      if (drained_.get()) {
        application_.log().info("every request was answered");
      } else {
        application_.log().warning("the grace period is over: the remaining connections were cut");
      }
      return io_.stop();
    }
    drain_timer_.expires_after(std::chrono::milliseconds(10));
    drain_timer_.async_wait([this](const boost::system::error_code& ec) {
      if (!ec) await_drained();
    });
  }

  /// Tells the service manager that we are alive only when every event loop is.
  void beat(std::chrono::microseconds interval) {
    application_.heartbeat([] { notify_manager("WATCHDOG=1"); });
    heart_.expires_after(interval);
    heart_.async_wait([this, interval](const boost::system::error_code& ec) {
      if (!ec) beat(interval);
    });
  }

  void watch_file() {
    file_timer_.expires_after(std::chrono::seconds(1));
    file_timer_.async_wait([this](const boost::system::error_code& ec) {
      if (ec) return;
      const auto now = modification();
      if (now != std::exchange(modified_, now)) reload();
      watch_file();
    });
  }

  std::filesystem::file_time_type modification() const {
    std::error_code ec;
    const auto time = std::filesystem::last_write_time(watched_file_, ec);
    return ec ? std::filesystem::file_time_type::min() : time;
  }

  Application& application_;
  const std::string watched_file_;
  std::filesystem::file_time_type modified_;
  asio::io_context io_{1};
  asio::signal_set signals_{io_, SIGTERM, SIGINT, SIGHUP};
  asio::steady_timer heart_{io_};
  asio::steady_timer file_timer_{io_};
  asio::steady_timer drain_timer_{io_};
  bool draining_ = false;
  std::future<bool> drained_;
};

}  // namespace

void hold_signals() {
  const sigset_t held = awaited_signals();
  ::pthread_sigmask(SIG_BLOCK, &held, nullptr);
}

int serve_until_signalled(Application& application, const std::string& watched_file) {
  // A client or a log reader that went away is an error code, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  return Lifecycle(application, watched_file).run();
}

}  // namespace ballast::server
