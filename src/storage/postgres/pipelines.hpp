#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <memory>
#include <vector>

#include "storage/postgres/connection.hpp"
#include "storage/postgres/shared.hpp"

namespace ballast::storage::postgres {

/// Connections of one event loop that each carry the statements of many requests, for statements that end soon. They
/// are opened as bursts find none idle. Used by the loop's thread alone.
class Pipelines : public std::enable_shared_from_this<Pipelines> {
 public:
  struct Settings {
    std::size_t Shares::*share;  ///< how many there may be
    std::size_t batch;           ///< the most bursts that are sent at once
  };
  Pipelines(Shared& shared, boost::asio::any_io_executor executor, Settings settings)
      : shared_(shared), executor_(std::move(executor)), settings_(settings) {}

  /// Sends the burst together with its neighbours, at the end of the loop's turn; its waiter is resumed with its fate.
  void submit(Burst& burst);

  bool busy() const noexcept;
  /// Ends what has waited beyond its deadline, and gives up connections that fell silent. To be called every few
  /// milliseconds while busy.
  void tick(TimePoint now);
  /// Closes everything; who waited for it is added to `waiters`, not resumed.
  void close(std::vector<WaiterPtr>& waiters);

 private:
  struct Pipe {
    std::shared_ptr<Connection> connection;
    std::deque<std::size_t> batches;  // bursts of each that have no fate yet
  };

  void schedule();
  void send_pending();
  bool has_room(const Pipe& pipe) const noexcept { return pipe.batches.size() < shared_.settings.pipeline_depth; }
  Pipe* free_pipe();
  void order();
  void opened(ConnectionHandle handle);
  void refuse_pending();
  bool refusing() const { return pipes_.empty() && !pending_.empty() && shared_.connector.down().has_value(); }
  void progress(Connection& connection);

  Shared& shared_;
  const boost::asio::any_io_executor executor_;
  const Settings settings_;
  std::vector<Pipe> pipes_;
  std::size_t ordered_ = 0;
  std::deque<Burst*> pending_;
  bool scheduled_ = false;
};

}  // namespace ballast::storage::postgres
