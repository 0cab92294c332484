#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "http/settings.hpp"
#include "http/stats.hpp"

namespace ballast::http {

/// A connection as its worker's sweep sees it. Unlinks itself when destroyed.
class Watched : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  virtual ~Watched() = default;
  /// The deadline passed. Does not destroy the connection before returning, like the two below.
  virtual void expire() noexcept = 0;
  /// Close if idle; otherwise the current answer is the last.
  virtual void drain() noexcept = 0;
  /// Close now.
  virtual void cut() noexcept = 0;

  TimePoint deadline() const noexcept { return deadline_; }

 protected:
  void set_deadline(TimePoint deadline) noexcept { deadline_ = deadline; }
  void clear_deadline() noexcept { deadline_ = TimePoint::max(); }

 private:
  TimePoint deadline_ = TimePoint::max();
};

/// One thread's event loop and what lives on it. Connections never move between workers, so everything here is used
/// by that thread alone, apart from the counters and what `io()` allows from others (post).
class Worker {
 public:
  Worker(unsigned index, const Settings& settings, const Clock& clock);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// The worker whose thread this is; null on other threads.
  static Worker* current() noexcept;

  unsigned index() const noexcept { return index_; }
  boost::asio::io_context& io() noexcept { return io_; }

  /// The time as of the latest sweep or request: exact enough for time-outs, and free.
  TimePoint now() const noexcept { return now_; }
  void observe(TimePoint now) noexcept { now_ = now; }
  /// The Date field's value.
  std::string_view date() const noexcept { return date_; }

  void watch(Watched& connection) { connections_.push_back(connection); }
  bool empty() const noexcept { return connections_.empty(); }
  template <class F>
  void for_each(F apply) {
    for (Watched& connection : connections_) apply(connection);
  }

  /// Starts the sweep; `after_sweep` is called after each. Once, before `run`.
  void start_sweeping(std::function<void()> after_sweep);
  /// Runs the loop until it is stopped. `report` receives what a posted function threw.
  void run(const std::function<void(std::string_view)>& report);

  struct Counters {
    Counter connections_total, connections_refused, requests, requests_refused, bytes_in, bytes_out, lag_nanoseconds;
  };
  Counters counters;
  /// A buffer to write an answer's header into; free between two suspensions of a coroutine.
  std::string scratch;

 private:
  void arm();
  void sweep();
  void refresh_date();

  const unsigned index_;
  const Settings& settings_;
  const Clock& clock_;
  boost::intrusive::list<Watched, boost::intrusive::constant_time_size<false>> connections_;  // outlives io_
  std::function<void()> after_sweep_;
  TimePoint now_;
  std::int64_t date_second_ = -1;
  std::string date_;
  boost::asio::io_context io_;
  boost::asio::steady_timer timer_;
};

}  // namespace ballast::http
