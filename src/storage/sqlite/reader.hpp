#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <mutex>
#include <optional>

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/shared.hpp"

namespace ballast::storage::sqlite {

/// An event loop's own connection, used by that loop's thread alone.
///
/// Reads run inside a read epoch: one read transaction that all reads of one turn of the loop share, since opening
/// one costs several times what a point read does. The first read of a turn begins it and posts its end to the
/// loop's queue, so it is never held while the loop waits. It is begun anew when the writer has committed meanwhile:
/// who was told of a write sees it.
class Reader : public std::enable_shared_from_this<Reader> {
 public:
  Reader(Shared& shared, std::unique_ptr<Connection> connection);

  /// False: call `end_epoch_on` before reading.
  bool end_is_posted() const noexcept { return end_posted_; }
  /// `executor` must be that of the thread that reads.
  void end_epoch_on(const boost::asio::any_io_executor& executor);

  /// Empty when the read belongs on a slow-read thread: it went over its budget (the sink was restarted), did so the
  /// last time, or would have to wait for a lock.
  std::optional<Result<Outcome>> read(const sql::Statement& statement, sql::RowSink& sink, TimePoint deadline);
  /// How the read went that was sent to a slow-read thread: within the loop's budget or not.
  void learn(const std::string& text, bool was_fast);

  /// Any thread, after the last read.
  void close();

 private:
  class EpochEnd;

  int begin();
  void end() noexcept;

  Shared& shared_;
  std::mutex closing_;  // between the posted end of an epoch and close(); reads never take it
  std::unique_ptr<Connection> connection_;
  bool end_posted_ = false;
  bool open_ = false;
  std::uint64_t seen_ = 0;  // commits when the epoch began
};

}  // namespace ballast::storage::sqlite
