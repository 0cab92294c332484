#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "catalog/snapshot.hpp"
#include "sql/dialect.hpp"
#include "sql/row_sink.hpp"
#include "sql/statement.hpp"

/// The seam that a database stands behind (the repository pattern's lower half). A new engine is one folder and
/// one line in the wiring; storage/contract_suite.hpp is what it must pass.
namespace ballast::storage {

/// Under which conditions a statement runs.
struct Context {
  TimePoint deadline;  ///< the engine interrupts the statement there: 504 BLST504
};

struct Outcome {
  std::int64_t rows = 0;      ///< delivered to the sink
  std::int64_t affected = 0;  ///< inserted, updated or deleted by this statement
};

/// Several statements in one transaction, as a machine without I/O: the engine asks what to do next, does it, and
/// asks again with the outcome. It may run on an engine's own thread; calls never overlap, and the coroutine that
/// submitted it is suspended meanwhile, so the two may share data without locks.
class UnitOfWork {
 public:
  struct Run {
    const sql::Statement* statement;
    sql::RowSink* sink;
  };  ///< sink may be null when no rows are wanted
  struct Commit {};
  /// Undo everything. With an error: `transact` fails with it. Without: it succeeds, with nothing changed.
  struct Rollback {
    std::optional<Error> error;
  };
  using Next = std::variant<Run, Commit, Rollback>;

  virtual ~UnitOfWork() = default;
  /// `previous` is null on the first call. After a failed statement only Rollback is allowed.
  virtual Next next(const Result<Outcome>* previous) = 0;
  /// Everything was undone and is about to be run again from the start (serialization failure, lost group).
  virtual void restart() = 0;
};

/// Gauges and counters for /metrics; names are Prometheus suffixes ("writer_queue", "commit_batch_size_sum").
using StatVisitor = std::function<void(std::string_view name, double value, bool counter)>;

/// Thread-safe. `read` and `transact` are awaited on a worker's event loop and resume there. Errors are the engine's,
/// mapped to SQLSTATE codes and statuses: 23505 → 409, 23503 → 409, 23502/23514/22P02 → 400, busy, full, read-only,
/// corrupt or unreachable → 503 with its own code and message, deadline → 504.
class Storage {
 public:
  virtual ~Storage() = default;
  virtual const sql::Dialect& dialect() const noexcept = 0;

  /// One statement that changes nothing. `statement` and `sink` outlive the call.
  virtual boost::asio::awaitable<Result<Outcome>> read(const sql::Statement& statement, sql::RowSink& sink,
                                                       Context context) = 0;

  /// A transaction. Answers only when it is as durable as the engine makes it. `unit` outlives the call.
  virtual boost::asio::awaitable<Result<void>> transact(UnitOfWork& unit, Context context) = 0;

  /// Blocking; called at start and from the reload thread, never from a loop.
  virtual Result<catalog::SnapshotPtr> introspect() = 0;
  /// Blocking and cheap: moves when the schema does.
  virtual Result<std::int64_t> schema_version() = 0;
  /// Blocking and cheap: can the database answer?
  virtual Result<void> ping() = 0;

  virtual void visit_stats(const StatVisitor& visit) const = 0;
  /// Completes what was accepted, then closes. Called once, after the last request.
  virtual void close() = 0;
};

}  // namespace ballast::storage
