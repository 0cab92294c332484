#pragma once

#include <libpq-fe.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <span>

#include "storage/postgres/exchange.hpp"
#include "storage/postgres/result.hpp"

namespace ballast::storage::postgres {

struct ConnectionDeleter {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
using ConnectionHandle = std::unique_ptr<PGconn, ConnectionDeleter>;

/// What libpq says of a connection that is gone.
Failure loss_of(const PGconn* connection);
/// What a result says of a failure.
Failure failure_of(const PGresult* result);

/// One connection in pipeline mode on one event loop. It waits for its socket only while something is under way, so an
/// idle one does not keep its loop running; that the server left meanwhile is noticed by `check_idle`, before anything
/// is sent.
///
/// Lives in a shared_ptr, since handlers of the loop may come after it was given up. Used by the loop's thread alone.
class Connection final : public Wire, public std::enable_shared_from_this<Connection> {
 public:
  /// Bursts are finished, or the connection is lost; called from the loop, never from within `send`.
  using Progress = std::function<void(Connection&)>;

  Connection(const boost::asio::any_io_executor& executor, ConnectionHandle handle, Exchange::Settings settings,
             Progress progress);
  ~Connection() override;

  /// Requires `!lost()`. A loss while sending is reported like any other.
  void send(std::span<Burst* const> bursts);
  /// Notices what the server said while nothing was under way; afterwards `lost()` tells.
  void check_idle();
  bool lost() const noexcept { return lost_; }
  Exchange& exchange() noexcept { return exchange_; }
  /// Asks the server to end what it runs; from any thread, blocking. Only for a connection that serves one burst.
  static void cancel(const std::shared_ptr<PGcancel>& handle);
  std::shared_ptr<PGcancel> cancel_handle() const;
  /// Gives the connection up; bursts under way are lost.
  void drop(const char* reason);
  /// Its oldest answer has been missing for so long that it must be taken for dead.
  bool overdue(TimePoint now) const noexcept;
  /// For good, without a word to anybody: the loop is gone.
  void close();
  /// The same; who waits for what is under way is added to `waiters`.
  void close(std::vector<WaiterPtr>& waiters);

  std::uint64_t number() const noexcept { return number_; }
  TimePoint idle_since;
  TimePoint leased_since;

 private:
  bool prepare(const std::string& name, const std::string& text) override;
  bool execute_prepared(const std::string& name, const std::vector<sql::Param>& params) override;
  bool execute(const std::string& text, const std::vector<sql::Param>& params) override;
  bool sync() override;

  const char* const* values_of(const std::vector<sql::Param>& params);
  void flush();
  void wait_readable();
  void wait_writable();
  void readable();
  bool take_results();
  void take(PGresult* result);
  static void heard(void* self, const PGresult* notice);
  void lose(Failure failure);
  void report();

  const std::uint64_t number_;
  ConnectionHandle handle_;
  boost::asio::posix::stream_descriptor socket_;
  Progress progress_;
  Exchange exchange_;
  bool lost_ = false;
  bool goodbye_ = false;  // said while nothing was under way
  bool reading_ = false;
  bool writing_ = false;
  std::vector<sql::Cell> cells_;
  std::vector<const char*> values_;  // of one statement's parameters
  std::string text_;                 // those that had to be converted
  std::vector<std::size_t> offsets_;
};

}  // namespace ballast::storage::postgres
