#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "compile/compile.hpp"
#include "storage/storage.hpp"

namespace ballast::rest {

/// Under which conditions a write is kept.
struct WriteTerms {
  std::optional<std::int64_t> max_affected;  ///< more is PGRST124
  bool exactly_one = false;                  ///< anything else is PGRST116
  bool roll_back = false;                    ///< undo it in the end, successfully
  bool defers = false;                       ///< the engine checks some constraints at the commit only (PostgreSQL)
  std::optional<std::int64_t> all_of;        ///< so many rows are to be written; fewer is BLST419
};

/// Runs a plan's statements in order in one transaction, then decides by the terms whether to keep them. `before`, if
/// any, is a statement that counts first; its rows go to a sink of its own.
class WriteUnit final : public storage::UnitOfWork {
 public:
  /// Everything referred to outlives the unit.
  WriteUnit(const compile::Plan& plan, sql::RowSink& rows, WriteTerms terms, const sql::Statement* before,
            sql::RowSink* before_rows)
      : plan_(plan), rows_(rows), terms_(terms), before_(before), before_rows_(before_rows) {}

  Next next(const Result<storage::Outcome>* previous) override;
  void restart() override;
  Ending after_first() const override;

  /// Called when all is done but the commit, again after each restart: an answer that cannot be made undoes the write.
  /// `conditional`: whether to keep it depends on what was done.
  void before_commit(std::function<Result<void>()> complete, bool conditional = false) {
    complete_ = std::move(complete);
    conditional_ = conditional;
  }

  std::int64_t affected() const noexcept { return affected_; }
  /// What a trigger of a view writes is not counted as affected; the rows that are answered with say it better.
  std::int64_t written() const noexcept { return plan_.returns_rows ? rows_given_ : affected_; }

 private:
  const compile::Plan& plan_;
  sql::RowSink& rows_;
  WriteTerms terms_;
  const sql::Statement* before_;
  sql::RowSink* before_rows_;
  std::function<Result<void>()> complete_;
  bool conditional_ = false;
  bool counted_ = false;
  bool settled_ = false;  // what the engine would have checked at the commit was checked
  std::size_t at_ = 0;
  std::int64_t affected_ = 0;
  std::int64_t rows_given_ = 0;
};

/// Takes the one integer of a counting statement.
class CountSink final : public sql::RowSink {
 public:
  Result<void> row(std::span<const sql::Cell> cells) override;
  void restart() override { count_ = 0; }
  std::size_t bytes() const noexcept override { return 0; }
  std::int64_t count() const noexcept { return count_; }

 private:
  std::int64_t count_ = 0;
};

}  // namespace ballast::rest
