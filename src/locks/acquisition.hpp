#pragma once

#include "locks/lease_repository.hpp"
#include "locks/lease_row.hpp"
#include "locks/lease_sql.hpp"

namespace ballast::locks {

/// One attempt at a lease, as a transaction. Each lease that is given sweeps away some that are over, so that the table
/// does not outgrow what is held.
class Acquisition final : public storage::UnitOfWork {
 public:
  /// `sql` outlives the unit.
  Acquisition(const LeaseSql& sql, Claim claim) : sql_(sql), claim_(std::move(claim)) {}

  Next next(const Result<storage::Outcome>* previous) override;
  void restart() override;

  /// After the transaction.
  Attempt attempt() &&;

 private:
  enum class Step : std::uint8_t { lock, clear, grant, granted, look, counted, done };

  class Count final : public sql::RowSink {
   public:
    Result<void> row(std::span<const sql::Cell> cells) override;
    void restart() override { value = 0; }
    std::size_t bytes() const noexcept override { return 0; }
    std::int64_t value = 0;
  };

  Next run(sql::Literal text, std::vector<sql::Param> params, sql::RowSink* sink = nullptr);

  const LeaseSql& sql_;
  Claim claim_;
  Step step_ = Step::lock;
  Attempt::Outcome outcome_ = Attempt::Outcome::granted;
  sql::Statement statement_;
  LeaseRow row_;
  Count held_;
};

}  // namespace ballast::locks
