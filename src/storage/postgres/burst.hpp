#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sql/row_sink.hpp"
#include "sql/statement.hpp"
#include "storage/postgres/failure.hpp"
#include "storage/postgres/statements.hpp"
#include "storage/storage.hpp"
#include "storage/waiter.hpp"

namespace ballast::storage::postgres {

struct Step {
  StatementPin known;
  const std::vector<sql::Param>* params = nullptr;
  sql::RowSink* sink = nullptr;  ///< may be null
  bool prepares = true;          ///< false: sent as text, for what is run once per transaction (BEGIN, COMMIT)
  Outcome outcome;
  std::string tag;
  std::size_t bytes = 0;  ///< of the rows, roughly
};

/// What is sent at once, with a Sync behind it, and ends together. Outside an explicit transaction the steps are one
/// implicit transaction (PostgreSQL manual, section 55.2.3): all of them or none.
struct Burst {
  enum class Fate : std::uint8_t {
    none,     ///< under way
    done,     ///< the Sync was reached: what it wrote is committed
    failed,   ///< `failure` says why; nothing of it was kept
    again,    ///< ended because of a neighbour's failure; nothing of it was kept
    unsent,   ///< never got to a server that could run it
    lost,     ///< the connection went after it was sent: it may have been run or not
    expired,  ///< no connection was free before its deadline; never sent
    refused   ///< there is no connection, and none can be had; never sent
  };

  std::vector<Step> steps;
  bool shares_sync = false;  ///< a plain read, which may share its Sync with others
  bool ends_failed = false;  ///< ROLLBACK, perhaps of what failed: nothing else may come before it
  bool by_row = false;       ///< its rows are taken one by one instead of a result at a time

  Fate fate = Fate::none;
  std::optional<Failure> failure;
  std::optional<Error> sink_error;  ///< what a sink said; the statement's effects are not undone by it
  std::size_t refused = 0;          ///< the step whose sink said it; those behind deliver no rows
  std::size_t completed = 0;        ///< steps

  TimePoint deadline;
  WaiterPtr waiter;

  /// For another run.
  void reset();
};

/// Resumes who waits for these, which have their fate.
void resume(std::span<Burst* const> finished);
/// Adds who waits for these to `waiters`, to be resumed later.
void take_waiters(std::span<Burst* const> bursts, std::vector<WaiterPtr>& waiters);

}  // namespace ballast::storage::postgres
