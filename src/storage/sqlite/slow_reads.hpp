#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/shared.hpp"
#include "storage/waiter.hpp"

namespace ballast::storage::sqlite {

/// A read for a slow-read thread. Lives in its coroutine's frame.
struct SlowJob : Job {
  const sql::Statement* statement = nullptr;
  sql::RowSink* sink = nullptr;
  TimePoint deadline;
  Result<Outcome> result = Outcome{};
  bool was_fast = false;  ///< it would have fitted the loop's budget
};

/// Threads for the reads that would stall a loop, each with a connection of its own. Bounded: by the queue's length,
/// and each read by its deadline.
class SlowReads {
 public:
  explicit SlowReads(Shared& shared) : shared_(shared) {}
  ~SlowReads() { close(); }
  Result<void> start();

  /// False when the queue is full.
  bool submit(SlowJob& job);
  Error overloaded() const;
  /// Runs what was accepted, then ends the threads.
  void close();

 private:
  void work(Connection& connection);
  void run(Connection& connection, SlowJob& job);

  Shared& shared_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<SlowJob*> queue_;  // guarded by mutex_
  bool closing_ = false;        // guarded by mutex_
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<std::thread> threads_;
};

}  // namespace ballast::storage::sqlite
