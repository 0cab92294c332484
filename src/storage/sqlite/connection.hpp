#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "sql/row_sink.hpp"
#include "sql/statement.hpp"
#include "storage/settings.hpp"
#include "storage/storage.hpp"

namespace ballast::storage::sqlite {

class Functions;

/// What a connection is for, which decides how patient it is and whether it may write.
enum class Role : std::uint8_t {
  loop,    ///< reads on an event loop: never waits for a lock
  slow,    ///< reads on a slow-read thread
  writer,  ///< the one that writes
  service  ///< checkpoints, introspection, probes
};

/// Why a statement was stopped.
enum class Stop : std::uint8_t { none, budget, deadline };

/// How far a statement may go.
struct Limits {
  std::uint32_t steps = 0;                ///< VM instructions; 0: any number
  std::size_t bytes = 0;                  ///< taken by the sink; 0: any number
  TimePoint deadline = TimePoint::max();  ///< looked at every thousand instructions and while waiting for a lock
};

/// What became of a statement. `code` is SQLite's extended result code, SQLITE_OK when all went well; `message` is
/// SQLite's own and never shown to a client. `error` is set when the sink or one of our functions refused.
struct Ran {
  Outcome outcome;
  int code = SQLITE_OK;
  Stop stop = Stop::none;
  std::string message;
  std::optional<Error> error;
  bool ok() const noexcept { return code == SQLITE_OK; }
};

/// A prepared statement, kept for its text.
struct Prepared {
  std::string text;
  sqlite3_stmt* handle = nullptr;
  bool readonly = false;
  std::size_t parameters = 0;
  std::size_t columns = 0;
  std::size_t slow = 0;  ///< runs on the slow-read threads still to come before it is tried on the loop again
};

/// One connection: used by one thread at a time, and carrying no lock of its own.
class Connection {
 public:
  /// Opens, applies every pragma of the role, registers Ballast's functions.
  static Result<std::unique_ptr<Connection>> open(const std::string& path, const SqliteSettings& settings, Role role);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  sqlite3* handle() const noexcept { return handle_; }

  /// The statement for this text from the cache, or prepared into it. Null after a failure, described in `failed`.
  Prepared* prepare(const std::string& text, Ran& failed);
  /// Binds, steps to the end or to a limit, resets. Fills `ran`.
  void run(Prepared& prepared, const sql::Statement& statement, sql::RowSink* sink, const Limits& limits, Ran& ran);
  /// Both of the above.
  Ran run(const sql::Statement& statement, sql::RowSink* sink, const Limits& limits);

  /// A statement of our own without parameters and rows (BEGIN, COMMIT …), from the cache. The extended result code.
  int execute(const char* text, TimePoint deadline = TimePoint::max());
  /// The first column of the first row of a query of ours, as text; empty when there is none or it failed.
  std::string text(const char* query);
  std::string message() const { return sqlite3_errmsg(handle_); }
  bool in_transaction() const noexcept { return sqlite3_get_autocommit(handle_) == 0; }
  /// VM instructions of the last statement run, to the thousand.
  std::uint32_t steps() const noexcept { return steps_; }
  /// Did the last call have to wait for a lock?
  bool waited() const noexcept { return waits_ > 0; }

  /// For Ballast's functions: the error that the running statement fails with.
  void refuse(Error error) { refusal_ = std::move(error); }

  /// The database's file is no longer where it was opened: what is written to it is lost to whoever opens the path.
  bool moved() const noexcept;

  /// For functions that work long on one row, which the engine cannot interrupt: accounts for as much work as so many
  /// VM instructions. True when the statement has to end; fail it with SQLITE_INTERRUPT then.
  bool charge(std::uint32_t instructions) noexcept;

 private:
  Connection(const SqliteSettings& settings, Role role);
  Result<void> configure();
  static int on_progress(void* self) noexcept;
  static int on_busy(void* self, int count) noexcept;
  int bind(Prepared& prepared, const sql::Statement& statement) noexcept;
  void fail(int code, Ran& ran);
  void arm(const Limits& limits) noexcept;

  using Cache = std::list<Prepared>;

  const SqliteSettings settings_;
  const Role role_;
  sqlite3* handle_ = nullptr;
  std::unique_ptr<Functions> functions_;
  Cache cache_;  // most recently used first
  std::unordered_map<std::string_view, Cache::iterator> by_text_;
  std::vector<sql::Cell> cells_;
  std::optional<Error> refusal_;

  Limits limits_;
  std::uint32_t steps_ = 0;
  Stop stop_ = Stop::none;
  std::uint32_t waits_ = 0;
  TimePoint wait_until_{};
};

}  // namespace ballast::storage::sqlite
