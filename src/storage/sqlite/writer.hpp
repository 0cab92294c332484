#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include "storage/sqlite/checkpointer.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/shared.hpp"
#include "storage/waiter.hpp"

namespace ballast::storage::sqlite {

/// A transaction for the writer. Lives in its coroutine's frame.
struct WriteJob : Job {
  UnitOfWork* unit = nullptr;
  TimePoint deadline;
  Result<void> result;
  bool alone = false;  ///< gets a transaction of its own
};

/// The one thread that writes, with group commit: it takes what waits, runs each unit in a SAVEPOINT of its own,
/// commits once, and only then answers. Nobody waits for a fuller group: while one commit is on its way to the disk,
/// the next group gathers by itself. When the writer sleeps it is woken at the end of the loop's turn, so that what
/// one turn submits (the callers of the last group, mostly) is one group.
///
/// A unit that fails is undone alone. Where SQLite ends the whole transaction (an interrupted write, a full disk,
/// ON CONFLICT ROLLBACK), the culprit fails and the others are restarted. Statements that did so by running into their
/// deadline are remembered: units that begin with one run alone from then on, behind those that wait with them, so that
/// heavy writes cannot make everybody's work be done again and again. When the commit fails, all of its units do.
class Writer {
 public:
  Writer(Shared& shared, Checkpointer& checkpointer) : shared_(shared), checkpointer_(checkpointer) {}
  ~Writer() { close(); }
  /// Takes the connection, since opening it is what creates the database.
  void start(std::unique_ptr<Connection> connection);

  /// False when the queue is full.
  bool submit(WriteJob& job);
  /// 503; Retry-After is how long the queue takes at the rate of the last commits.
  Error overloaded();
  /// Completes what was accepted, then ends the thread.
  void close();

 private:
  /// lost: the whole transaction is gone; apart: it has to run alone, and nothing was done
  enum class Fate { done, undone, lost, apart };

  void work();
  bool take();
  void take_all();
  void run_group();
  int begin();
  Fate run_unit(WriteJob& job, bool alone);
  void remember(const std::string& text);
  Error failure(const sql::Statement& statement, Ran& ran);
  bool undo(bool alone);
  void commit();
  void fail_group(const Error& error);
  void restart_group();
  void answer();
  void tend_log();

  Shared& shared_;
  Checkpointer& checkpointer_;
  std::unique_ptr<Connection> connection_;
  std::thread thread_;

  std::mutex mutex_;
  /// Shared with the wake-up calls posted to loops, which may outlive the writer.
  const std::shared_ptr<std::condition_variable> wake_ = std::make_shared<std::condition_variable>();
  std::deque<WriteJob*> queue_;     // guarded by mutex_
  bool closing_ = false;            // guarded by mutex_
  bool sleeping_ = false;           // guarded by mutex_
  std::atomic<double> rate_{1000};  // units per second of recent groups

  // The writer thread's own.
  std::deque<WriteJob*> pending_;          // taken, not yet run
  std::vector<WriteJob*> done_;            // run, to be committed
  std::vector<WriteJob*> undone_;          // failed or rolled back; answered with the group
  std::unordered_set<std::string> heavy_;  // statements that ran into a deadline
  std::size_t helped_at_ = 0;              // the log's length when the writer last copied it itself
};

}  // namespace ballast::storage::sqlite
