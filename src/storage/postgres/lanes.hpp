#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <vector>

#include "storage/postgres/connection.hpp"
#include "storage/postgres/shared.hpp"

namespace ballast::storage::postgres {

/// One event loop's connections. Fast statements share a few pipelines (the fast lane); a statement that proved slow,
/// and a transaction that has to be talked through, gets a connection of its own (the slow lane). Used by the loop's
/// thread alone, but for `close`.
class Lanes : public std::enable_shared_from_this<Lanes> {
 public:
  Lanes(Shared& shared, const boost::asio::any_io_executor& executor);

  const boost::asio::any_io_executor& executor() const noexcept { return executor_; }
  Statements& statements() noexcept { return statements_; }
  Shared& shared() noexcept { return shared_; }

  /// Sends the burst on a pipeline together with its neighbours; its fate tells how it went.
  boost::asio::awaitable<void> run_shared(Burst& burst);

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
  boost::asio::awaitable<Result<Lease>> lease(TimePoint deadline);

  bool idle() const noexcept { return !busy(); }
  /// Ends what waits, without resuming it here: only when the loop has stopped or nothing is under way.
  void close();

 private:
  struct Pipe {
    std::shared_ptr<Connection> connection;
    std::deque<std::size_t> batches;  // bursts of each that have no fate yet
  };
  struct Claim {  // of a connection of one's own
    TimePoint deadline;
    std::shared_ptr<Connection> connection;
    std::optional<Error> error;
    WaiterPtr waiter;
  };

  void submit(Burst& burst);
  void submit(Claim& claim);
  void schedule();
  void send_pending();
  Pipe* free_pipe();
  void order_pipes();
  void order_exclusive();
  void pipe_opened(ConnectionHandle handle);
  void exclusive_opened(ConnectionHandle handle);
  void refuse_pending();
  void refuse_claims(const Failure& failure);
  void pipe_progress(Connection& connection);
  void exclusive_progress(Connection& connection);
  void give_back(std::shared_ptr<Connection> connection, bool tainted);
  void hand_out();
  void watch();
  void tick();
  bool busy() const noexcept;
  static void resume(std::vector<Burst*> finished);

  Shared& shared_;
  const boost::asio::any_io_executor executor_;
  Statements statements_;
  std::vector<Pipe> pipes_;
  std::size_t pipes_ordered_ = 0;
  std::deque<Burst*> pending_;
  bool scheduled_ = false;

  std::vector<std::shared_ptr<Connection>> idle_;  // of their own
  std::vector<std::shared_ptr<Connection>> leased_;
  std::vector<std::uint64_t> canceled_;  // leased connections that were sent a cancel request
  std::size_t exclusive_ordered_ = 0;
  std::deque<Claim*> claims_;

  std::optional<boost::asio::steady_timer> timer_;  // gone once closed: the loop may go before this does
  bool watching_ = false;
};

}  // namespace ballast::storage::postgres
