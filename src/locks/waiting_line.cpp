#include "locks/waiting_line.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace ballast::locks {

namespace asio = boost::asio;

/// Used on its own loop alone.
struct WaitingLine::Seat {
  explicit Seat(const asio::any_io_executor& executor) : timer(executor) {}
  asio::steady_timer timer;
  bool woken = false;
};

WaitingLine::Place::Place(WaitingLine& line, std::string name, std::shared_ptr<Seat> seat)
    : line_(line), name_(std::move(name)), seat_(std::move(seat)) {}

WaitingLine::Place::~Place() { line_.leave(name_, seat_); }

bool WaitingLine::Place::first() const {
  const std::lock_guard lock(line_.mutex_);
  return line_.lines_.at(name_).front() == seat_;
}

asio::awaitable<void> WaitingLine::Place::wait(TimePoint until) {
  if (!seat_->woken) {
    seat_->timer.expires_at(until);
    co_await seat_->timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  seat_->woken = false;
}

std::unique_ptr<WaitingLine::Place> WaitingLine::join(const std::string& name, const asio::any_io_executor& executor) {
  auto seat = std::make_shared<Seat>(executor);
  {
    const std::lock_guard lock(mutex_);
    if (count_ >= most_) return nullptr;
    ++count_;
    lines_[name].push_back(seat);
  }
  return std::make_unique<Place>(*this, name, std::move(seat));
}

bool WaitingLine::occupied(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return lines_.contains(name);
}

std::size_t WaitingLine::size() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

void WaitingLine::rouse(const std::shared_ptr<Seat>& seat) {
  asio::post(seat->timer.get_executor(), [seat] {
    seat->woken = true;
    seat->timer.cancel();
  });
}

void WaitingLine::wake(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto line = lines_.find(name);
  if (!stopped_ && line != lines_.end()) rouse(line->second.front());
}

void WaitingLine::leave(const std::string& name, const std::shared_ptr<Seat>& seat) {
  const std::lock_guard lock(mutex_);
  --count_;
  const auto line = lines_.find(name);
  Seats& seats = line->second;
  const bool was_first = seats.front() == seat;
  seats.remove(seat);
  if (seats.empty()) {
    lines_.erase(line);
  } else if (was_first && !stopped_) {
    rouse(seats.front());
  }
}

void WaitingLine::stop() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(stopped_, true)) return;
  for (const auto& [name, seats] : lines_) {
    for (const auto& seat : seats) rouse(seat);
  }
}

bool WaitingLine::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

}  // namespace ballast::locks
