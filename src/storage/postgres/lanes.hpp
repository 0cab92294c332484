#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <vector>

#include "storage/postgres/pipelines.hpp"

namespace ballast::storage::postgres {

/// One event loop's connections. Fast statements share a few pipelines (the fast lane), reads and writes apart; a
/// statement that proved slow, and a transaction that has to be talked through, gets a connection of its own (the slow
/// lane). Used by the loop's thread alone, but for `close`.
class Lanes : public std::enable_shared_from_this<Lanes> {
 public:
  Lanes(Shared& shared, const boost::asio::any_io_executor& executor);

  const boost::asio::any_io_executor& executor() const noexcept { return executor_; }
  Statements& statements() noexcept { return statements_; }
  Shared& shared() noexcept { return shared_; }

  enum class Use : std::uint8_t { read, write };
  /// Sends the burst on a pipeline; its fate tells how it went. A read travels together with its neighbours. A write
  /// goes alone: PostgreSQL syncs the commits of several connections at once, those of one connection one after the
  /// other.
  boost::asio::awaitable<void> run_shared(Burst& burst, Use use);

  /// A connection that serves one request, until the lease ends.
  class Lease {
   public:
    Lease(std::shared_ptr<Lanes> lanes, std::shared_ptr<Connection> connection)
        : lanes_(std::move(lanes)), connection_(std::move(connection)) {}
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) noexcept = delete;
    ~Lease();
    /// It ends in an unknown state: it is closed instead of being used again.
    void taint() noexcept { tainted_ = true; }
    boost::asio::awaitable<void> run(Burst& burst);

   private:
    friend class Lanes;
    std::shared_ptr<Lanes> lanes_;
    std::shared_ptr<Connection> connection_;
    bool tainted_ = false;
  };
  /// `known`, if given, is the statement it is for: empty when that belongs on a pipeline again by now.
  boost::asio::awaitable<Result<std::optional<Lease>>> lease(TimePoint deadline, const KnownStatement* known);
  /// The statement ran to its end on a connection of its own, since `start`.
  void ran_alone(KnownStatement& known, TimePoint start);

  bool idle() const noexcept { return !busy(); }
  /// Ends what waits, without resuming it here: only when the loop has stopped or nothing is under way.
  void close();

 private:
  struct Claim {  // of a connection of one's own
    TimePoint deadline;
    const KnownStatement* known;
    std::shared_ptr<Connection> connection;  // neither this nor an error: it is not needed any more
    std::optional<Error> error;
    WaiterPtr waiter;
  };

  void submit(Claim& claim);
  /// Would another lease get ahead, or only take time from those that have just begun?
  bool has_room() const;
  void order_exclusive();
  void exclusive_opened(ConnectionHandle handle);
  void refuse_claims(const Failure& failure);
  void give_back(std::shared_ptr<Connection> connection, bool tainted);
  void hand_out();
  void send_back();
  void watch();
  void tick();
  bool busy() const noexcept;

  Shared& shared_;
  const boost::asio::any_io_executor executor_;
  Statements statements_;
  const std::shared_ptr<Pipelines> reads_;
  const std::shared_ptr<Pipelines> writes_;

  std::vector<std::shared_ptr<Connection>> idle_;  // of their own
  std::vector<std::shared_ptr<Connection>> leased_;
  std::vector<std::uint64_t> canceled_;  // leased connections that were sent a cancel request
  bool exclusive_ordered_ = false;
  std::deque<Claim*> claims_;

  std::optional<boost::asio::steady_timer> timer_;  // gone once closed: the loop may go before this does
  bool watching_ = false;
};

}  // namespace ballast::storage::postgres
