#pragma once

#include <optional>

#include "storage/transaction.hpp"

namespace ballast::idempotency {

/// A transaction that notes what becomes of what is done in it.
class Witness final : public storage::Transaction {
 public:
  /// The transaction outlives what is done through the witness; what that came to is told afterwards, too.
  Witness(storage::Transaction& transaction, storage::Isolation isolation)
      : transaction_(transaction), isolation_(isolation) {}

  boost::asio::awaitable<Result<storage::Outcome>> read(const sql::Statement& statement, sql::RowSink& sink,
                                                        storage::Context context) override;
  boost::asio::awaitable<Result<void>> transact(storage::UnitOfWork& unit, storage::Context context) override;
  bool broken() const noexcept override { return transaction_.broken(); }
  const std::optional<Error>& failure() const noexcept override { return transaction_.failure(); }

  /// The database was asked something: what came of the request came of its execution.
  bool asked() const noexcept { return asked_; }
  /// The isolation that was asked for, when the transaction was not begun with it: then nothing was done.
  std::optional<storage::Isolation> wanted() const noexcept { return wanted_; }

 private:
  storage::Transaction& transaction_;
  const storage::Isolation isolation_;
  std::optional<storage::Isolation> wanted_;
  bool asked_ = false;
};

/// What finds out whether a caller may do what he did before, without doing it: `allowed()` when the database was asked
/// something and denied nothing. A single statement is not run: PostgreSQL is asked to explain it, which needs the
/// rights to run it (manual, EXPLAIN); what a pre-request function writes is kept, as for any request. Several are run
/// and undone, since later ones may need what earlier ones found; one that the rows would refuse by now ends the
/// rehearsal, and those behind it are not asked about.
class Rehearsal final : public storage::Transaction {
 public:
  /// The storage outlives the rehearsal.
  explicit Rehearsal(storage::Storage& storage) : storage_(storage) {}

  boost::asio::awaitable<Result<storage::Outcome>> read(const sql::Statement& statement, sql::RowSink& sink,
                                                        storage::Context context) override;
  boost::asio::awaitable<Result<void>> transact(storage::UnitOfWork& unit, storage::Context context) override;
  bool broken() const noexcept override { return true; }
  const std::optional<Error>& failure() const noexcept override { return failure_; }

  bool allowed() const noexcept { return asked_ && !denied_; }

 private:
  boost::asio::awaitable<Result<void>> explain(const sql::Statement& statement, storage::Context context);

  storage::Storage& storage_;
  std::optional<Error> failure_;
  bool asked_ = false;
  bool denied_ = false;
};

}  // namespace ballast::idempotency
