#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "storage/postgres/connection.hpp"
#include "storage/postgres/database.hpp"
#include "storage/postgres/stats.hpp"

namespace ballast::storage::postgres {

/// Opens connections on a thread of its own, because libpq resolves names and tries hosts one after the other while it
/// blocks. While the server is away it is asked again and again, with a growing pause and some jitter, and everybody
/// waits for that one attempt; what is being waited for is told of each failure, so that requests can be refused at
/// once. Also sends cancel requests, which block too.
class Connector {
 public:
  enum class Use : std::uint8_t { pipeline, exclusive };
  /// What becomes of an order; called on the thread of the connector.
  struct Answer {
    ConnectionHandle connection;  ///< null: `failure` says why, and `retrying` whether the order stands
    Failure failure;
    bool retrying = false;
  };
  using Reply = std::function<void(Answer)>;

  Connector(const PostgresSettings& settings, Stats& stats, PostgresReport report);
  ~Connector() { stop(); }

  /// A pipeline is tried for until it is had; an exclusive connection once. Thread-safe.
  void order(Use use, Reply reply);
  void cancel(std::shared_ptr<PGcancel> handle);
  /// The last attempt failed, and why. Thread-safe.
  std::optional<Failure> down() const;
  /// Orders that were not answered are dropped.
  void stop();

  /// For statements that block: introspection, the service connection. Thread-safe.
  Result<ConnectionHandle> connect_blocking(const std::vector<std::string>& preamble);

 private:
  struct Order {
    Use use;
    Reply reply;
  };
  void run();
  ConnectionHandle connect(Failure& failure);
  bool prepare_session(PGconn& connection, Use use, Failure& failure) const;
  void note(const std::optional<Failure>& failure);

  const PostgresSettings& settings_;
  Stats& stats_;
  PostgresReport report_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Order> orders_;
  std::vector<std::shared_ptr<PGcancel>> cancels_;
  std::optional<Failure> down_;
  bool stopping_ = false;
  std::minstd_rand random_;
  std::thread thread_;
};

}  // namespace ballast::storage::postgres
