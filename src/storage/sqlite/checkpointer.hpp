#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/shared.hpp"

namespace ballast::storage::sqlite {

/// Copies the write-ahead log back into the database on a thread and connection of its own, so that no commit pays
/// for it. Checkpoints are passive: they wait for nobody, and nobody waits for them.
class Checkpointer {
 public:
  explicit Checkpointer(Shared& shared) : shared_(shared) {}
  ~Checkpointer() { close(); }
  Result<void> start();
  /// From the writer after each commit: how long the log is now.
  void log_is(std::size_t pages);
  void close();

 private:
  void work();

  Shared& shared_;
  std::unique_ptr<Connection> connection_;
  std::size_t done_at_ = 0;  // the log's length at the last request; the writer's
  std::mutex mutex_;
  std::condition_variable wake_;
  bool wanted_ = false;   // guarded by mutex_
  bool closing_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace ballast::storage::sqlite
