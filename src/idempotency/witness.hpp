#pragma once

#include <optional>

#include "storage/transaction.hpp"

namespace ballast::idempotency {

/// A transaction that notes what becomes of what is done in it.
class Witness final : public storage::Transaction {
 public:
  /// The transaction outlives the witness.
  Witness(storage::Transaction& transaction, storage::Isolation isolation)
      : transaction_(transaction), isolation_(isolation) {}

  boost::asio::awaitable<Result<storage::Outcome>> read(const sql::Statement& statement, sql::RowSink& sink,
                                                        storage::Context context) override;
  boost::asio::awaitable<Result<void>> transact(storage::UnitOfWork& unit, storage::Context context) override;
  bool broken() const noexcept override { return transaction_.broken(); }
  const std::optional<Error>& failure() const noexcept override { return transaction_.failure(); }

  /// The database was asked something: what came of the request came of its execution.
  bool asked() const noexcept { return asked_; }
  /// What failed, if a statement did, would fail again: it was about the rows, not about who else was at work or how
  /// long it took.
  bool failed_for_good() const noexcept;
  /// The isolation that was asked for, when the transaction was not begun with it: then nothing was done.
  std::optional<storage::Isolation> wanted() const noexcept { return wanted_; }

 private:
  storage::Transaction& transaction_;
  const storage::Isolation isolation_;
  std::optional<storage::Isolation> wanted_;
  bool asked_ = false;
};

/// A transaction whose outcome is undone, to find out whether its caller may do what he did before: `allowed()` when
/// the database was asked something and did not deny it. A single statement is not run: PostgreSQL is asked to explain
/// it, which needs the rights to run it (manual, EXPLAIN). Several are, since later ones may need what earlier ones
/// found; one that the rows would refuse by now ends the rehearsal, and those behind it are not asked about.
class Rehearsal final : public storage::Transaction {
 public:
  /// The transaction outlives the rehearsal.
  Rehearsal(storage::Transaction& transaction, bool explains) : transaction_(transaction), explains_(explains) {}

  boost::asio::awaitable<Result<storage::Outcome>> read(const sql::Statement& statement, sql::RowSink& sink,
                                                        storage::Context context) override;
  boost::asio::awaitable<Result<void>> transact(storage::UnitOfWork& unit, storage::Context context) override;
  bool broken() const noexcept override { return transaction_.broken(); }
  const std::optional<Error>& failure() const noexcept override { return transaction_.failure(); }

  bool allowed() const noexcept { return allowed_; }

 private:
  boost::asio::awaitable<Result<void>> explain(const sql::Statement& statement, storage::Context context);

  storage::Transaction& transaction_;
  const bool explains_;
  bool allowed_ = false;
};

}  // namespace ballast::idempotency
