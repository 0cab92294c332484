#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.hpp"

namespace ballast::locks {

/// Who waits for which name in this process, first come first served. Thread-safe; a place belongs to the loop it was
/// taken on. Outlives its places.
class WaitingLine {
  struct Seat;
  using Seats = std::list<std::shared_ptr<Seat>>;

 public:
  /// A place in the line of one name, until destroyed. Whoever then has become the first is woken.
  class Place {
   public:
    Place(WaitingLine& line, std::string name, std::shared_ptr<Seat> seat);
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place();

    bool first() const;
    /// Returns at `until`, or earlier: when woken, also by what happened since the last wait.
    boost::asio::awaitable<void> wait(TimePoint until);

   private:
    WaitingLine& line_;
    std::string name_;
    std::shared_ptr<Seat> seat_;
  };

  /// At most so many places at one time.
  explicit WaitingLine(std::size_t most) : most_(most) {}
  WaitingLine(const WaitingLine&) = delete;
  WaitingLine& operator=(const WaitingLine&) = delete;

  /// The last place in the line of that name; `executor` is the caller's loop. Null when there is no room.
  std::unique_ptr<Place> join(const std::string& name, const boost::asio::any_io_executor& executor);
  bool occupied(const std::string& name) const;
  std::size_t size() const;
  /// The name may be free: wakes the first in its line.
  void wake(const std::string& name);

  /// Wakes everybody, and from then on nobody, since the loops are about to end.
  void stop();
  bool stopped() const;

 private:
  static void rouse(const std::shared_ptr<Seat>& seat);
  void leave(const std::string& name, const std::shared_ptr<Seat>& seat);

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::map<std::string, Seats> lines_;  // guarded by mutex_; none is empty
  std::size_t count_ = 0;               // guarded by mutex_
  bool stopped_ = false;                // guarded by mutex_
};

}  // namespace ballast::locks
