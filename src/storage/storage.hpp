#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "catalog/snapshot.hpp"
#include "sql/dialect.hpp"
#include "sql/row_sink.hpp"
#include "sql/statement.hpp"

/// The seam that a database stands behind (the repository pattern's lower half). A new engine is one folder and
/// one line in the wiring; storage/contract_suite.hpp is what it must pass.
namespace ballast::storage {

/// What a request tells the database about itself (PostgreSQL's roles mode). Set for the one transaction that the
/// statement runs in, in the same burst; gone with it.
struct Session {
  /// Names and values for `set_config(name, value, true)`, in this order: role, search_path, request.jwt.claims, …
  /// The names are settings' own, never a client's text.
  std::vector<std::pair<std::string, std::string>> settings;
  std::string
      pre_request;  ///< a function that is called after the settings, as quoted SQL: "test"."check"; may be empty
};

/// What the transaction left in the settings `response.headers` and `response.status`; empty when it set none.
struct SessionAnswer {
  std::string headers;
  std::string status;
};

class Transaction;

/// What a transaction sees of others. SQLite's are serializable whatever is asked for.
enum class Isolation : std::uint8_t { standard, read_committed, repeatable_read, serializable };

/// Under which conditions a statement runs.
struct Context {
  TimePoint deadline;                ///< the engine interrupts the statement there: 504 BLST504
  const Session* session = nullptr;  ///< null: as the connection's own user. Outlives the call. SQLite ignores it
  SessionAnswer* answer = nullptr;   ///< asked for when not null. Outlives the call
  Transaction* within = nullptr;     ///< the transaction to take part in; null: one of its own. Outlives the call
  Isolation isolation = Isolation::standard;  ///< of a transaction of its own; standard: as the database is set up
  bool closes = false;  ///< `within` is committed next if this succeeds: an engine may send both at once
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
    sql::RowSink* sink;                ///< null when no rows are wanted
    const Session* session = nullptr;  ///< from here on in place of the transaction's; null: no change
    SessionAnswer* answer = nullptr;   ///< asked for behind the statement when not null
    bool last = false;                 ///< if it succeeds, `next` will answer Commit: an engine may send both at once
  };
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

  /// What `next` will most likely ask for behind what it has just asked for, in this order: an engine may run it at
  /// once, in one burst. If `next` then asks for anything else, everything is undone and begun anew without looking
  /// ahead. Valid until the next call of `next`.
  virtual std::span<const Run> ahead() const { return {}; }

  enum class Ending : std::uint8_t { ask, commit, rollback };
  /// What `next` will answer to the first statement's success, whatever its outcome, if that is known beforehand: an
  /// engine can then send the statement and the end of its transaction in one burst. It calls `next` all the same,
  /// after the fact; an error in its answer is then reported although the transaction ended as told here.
  virtual Ending after_first() const { return Ending::ask; }
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
  /// Does it make use of `UnitOfWork::ahead`? Then it is worth the trouble to know.
  virtual bool looks_ahead() const noexcept { return false; }

  /// One statement that changes nothing. `statement` and `sink` outlive the call.
  virtual boost::asio::awaitable<Result<Outcome>> read(const sql::Statement& statement, sql::RowSink& sink,
                                                       Context context) = 0;

  /// A transaction. Answers only when it is as durable as the engine makes it. `unit` outlives the call.
  virtual boost::asio::awaitable<Result<void>> transact(UnitOfWork& unit, Context context) = 0;

  /// Blocking; called at start and from the reload thread, never from a loop.
  virtual Result<catalog::SnapshotPtr> introspect() = 0;
  /// Blocking and cheap: moves when the schema does. What was committed before the call is in it, as far as the engine
  /// can see it at all.
  virtual Result<std::int64_t> schema_version() = 0;
  /// Readable when `schema_version` may have moved; -1: there is no such thing. It may change with each call of
  /// `schema_version` and `ping`, and is the engine's to close.
  virtual int news_descriptor() const noexcept { return -1; }
  /// Blocking and cheap: can the database answer?
  virtual Result<void> ping() = 0;

  virtual void visit_stats(const StatVisitor& visit) const = 0;
  /// Completes what was accepted, then closes. Called once, after the last request.
  virtual void close() = 0;
};

}  // namespace ballast::storage
