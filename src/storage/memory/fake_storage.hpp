#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "storage/storage.hpp"

namespace ballast::storage {

/// A storage without a database, for tests of what uses one: yields the rows it was given, and fails where it was told
/// to. Operations (statements and commits) are counted, so that a fault loop can fail at operation 0, 1, 2 … until one
/// run meets no failure. One thread.
class FakeStorage final : public Storage {
 public:
  struct Answer {
    std::vector<std::vector<sql::Cell>> rows;  ///< texts must outlive the storage
    std::int64_t affected = 0;
    std::optional<Error> error;
  };

  /// What every statement yields that has no answer of its own.
  Answer otherwise;
  /// Answers by the order of statements, taken before `otherwise`.
  std::vector<Answer> script;
  /// Asked first, when set.
  std::function<std::optional<Answer>(const sql::Statement&)> answer;
  /// The operation with this number fails, once.
  std::optional<std::size_t> fail_at;
  Error failure = unavailable("BLST605", "the database's disk reported an error", 1);
  /// Each transaction is run this many times, as after a lost group, before the run that counts.
  int restarts = 0;
  catalog::SnapshotPtr snapshot;
  std::int64_t version = 1;

  // What happened.
  std::vector<sql::Statement> statements;
  std::size_t operations = 0;
  std::size_t commits = 0;
  std::size_t rollbacks = 0;
  bool failed = false;
  bool closed = false;

  explicit FakeStorage(const sql::Dialect& dialect = sql::sqlite()) : dialect_(dialect) {}

  const sql::Dialect& dialect() const noexcept override { return dialect_; }
  boost::asio::awaitable<Result<Outcome>> read(const sql::Statement& statement, sql::RowSink& sink,
                                               Context context) override;
  boost::asio::awaitable<Result<void>> transact(UnitOfWork& unit, Context context) override;
  Result<catalog::SnapshotPtr> introspect() override;
  Result<std::int64_t> schema_version() override { return version; }
  Result<void> ping() override;
  void visit_stats(const StatVisitor& visit) const override;
  void close() override { closed = true; }

 private:
  bool fails_now();
  Result<Outcome> run(const sql::Statement& statement, sql::RowSink* sink);
  Result<void> run_unit(UnitOfWork& unit, bool counts);

  const sql::Dialect& dialect_;
};

}  // namespace ballast::storage
