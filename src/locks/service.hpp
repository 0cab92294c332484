#pragma once

#include <functional>

#include "locks/lease_repository.hpp"
#include "locks/settings.hpp"
#include "locks/waiting_line.hpp"

namespace ballast::locks {

/// How long a claim waits its turn, and whether anybody still wants it.
struct Patience {
  TimePoint until;
  std::function<bool()> left;  ///< has the client gone? Empty: it stays
};

/// Leases with a line in front of each name. Thread-safe.
class Service {
 public:
  /// `repository` outlives the service.
  Service(LeaseRepository& repository, const Settings& settings)
      : repository_(repository), poll_interval_(settings.poll_interval), line_(settings.max_waiting) {}

  /// Until it is granted, or patience ends; whoever waits comes before whoever does not. Held: by whom, at the end.
  /// 503 BLST818 when the server is shutting down or too many wait already.
  boost::asio::awaitable<Result<Attempt>> acquire(Claim claim, Patience patience, storage::Context context);
  boost::asio::awaitable<Result<std::optional<Lease>>> renew(Grip grip, std::chrono::milliseconds ttl,
                                                             storage::Context context);
  boost::asio::awaitable<Result<bool>> release(Grip grip, storage::Context context);
  boost::asio::awaitable<Result<std::optional<Lease>>> find(std::string name, storage::Context context);
  /// See `LeaseRepository`.
  boost::asio::awaitable<Result<void>> prepare(storage::Context context);
  boost::asio::awaitable<Result<bool>> check(std::string name, std::int64_t token, storage::Context context);

  std::size_t waiting() const { return line_.size(); }
  /// Ends every wait, now and from now on. Called before the loops end.
  void stop_waiting() { line_.stop(); }

 private:
  boost::asio::awaitable<Result<Attempt>> wait_turn(WaitingLine::Place& place, Claim claim, Patience patience,
                                                    storage::Context context);
  boost::asio::awaitable<Result<Attempt>> give_up(std::string name, storage::Context context);

  LeaseRepository& repository_;
  const std::chrono::milliseconds poll_interval_;
  WaitingLine line_;
};

}  // namespace ballast::locks
