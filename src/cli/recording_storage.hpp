#pragma once

#include <string>
#include <vector>

#include "storage/storage.hpp"

namespace ballast::cli {

/// Runs nothing: keeps the statements it is given, and answers that no row was found. For `ballast explain`.
class RecordingStorage final : public storage::Storage {
 public:
  RecordingStorage(const sql::Dialect& dialect, catalog::SnapshotPtr snapshot)
      : dialect_(dialect), snapshot_(std::move(snapshot)) {}

  const std::vector<sql::Statement>& statements() const noexcept { return statements_; }

  const sql::Dialect& dialect() const noexcept override { return dialect_; }
  boost::asio::awaitable<Result<storage::Outcome>> read(const sql::Statement& statement, sql::RowSink&,
                                                        storage::Context) override {
    statements_.push_back(statement);
    co_return storage::Outcome{};
  }
  boost::asio::awaitable<Result<void>> transact(storage::UnitOfWork& unit, storage::Context) override {
    Result<storage::Outcome> outcome{storage::Outcome{}};
    const Result<storage::Outcome>* previous = nullptr;
    while (true) {
      auto next = unit.next(previous);
      const auto* run = std::get_if<storage::UnitOfWork::Run>(&next);
      if (run == nullptr) break;
      statements_.push_back(*run->statement);
      outcome = storage::Outcome{};
      previous = &outcome;
    }
    co_return Result<void>();
  }
  Result<catalog::SnapshotPtr> introspect() override { return snapshot_; }
  Result<std::int64_t> schema_version() override { return snapshot_->version(); }
  Result<void> ping() override { return {}; }
  void visit_stats(const storage::StatVisitor&) const override {}
  void close() override {}

 private:
  const sql::Dialect& dialect_;
  catalog::SnapshotPtr snapshot_;
  std::vector<sql::Statement> statements_;
};

}  // namespace ballast::cli
