#include "http/worker.hpp"

#include <exception>

#include "http/serialize.hpp"

namespace ballast::http {
namespace {

thread_local Worker* this_threads_worker = nullptr;

}  // namespace

Worker::Worker(unsigned index, const Settings& settings, const Clock& clock)
    : index_(index), settings_(settings), clock_(clock), now_(clock.now()), io_(1), timer_(io_) {
  refresh_date();
}

Worker* Worker::current() noexcept { return this_threads_worker; }

void Worker::start_sweeping(std::function<void()> after_sweep) {
  after_sweep_ = std::move(after_sweep);
  arm();
}

void Worker::arm() {
  timer_.expires_after(settings_.sweep_interval);
  timer_.async_wait([this](const boost::system::error_code& ec) {
    if (ec) return;
    const auto late = std::chrono::steady_clock::now() - timer_.expiry();
    counters.lag_nanoseconds.set(static_cast<std::uint64_t>(std::chrono::nanoseconds(late).count()));
    sweep();
    arm();
  });
}

void Worker::sweep() {
  now_ = clock_.now();
  refresh_date();
  for (Watched& connection : connections_) {
    if (connection.deadline() <= now_) connection.expire();
  }
  if (after_sweep_) after_sweep_();
}

void Worker::refresh_date() {
  const std::int64_t second =
      std::chrono::duration_cast<std::chrono::seconds>(clock_.wall().time_since_epoch()).count();
  if (second == date_second_) return;
  date_second_ = second;
  date_ = http_date(second);
}

void Worker::run(const std::function<void(std::string_view)>& report) {
  this_threads_worker = this;
  for (;;) {
    try {
      io_.run();
      break;
    } catch (const std::exception& error) {
      report(std::string("a function posted to a worker threw: ") + error.what());
    } catch (...) { report("a function posted to a worker threw something that is no std::exception"); }
  }
  this_threads_worker = nullptr;
}

}  // namespace ballast::http
