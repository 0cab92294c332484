#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "records/migrations.hpp"
#include "sql/literal.hpp"
#include "storage/storage.hpp"

namespace ballast::records {

/// Brings the tables to the version of the last migration, in one transaction and under a lock, so that of several
/// processes one does the work and the others find it done. Newer tables are refused with BLST802.
class Installation final : public storage::UnitOfWork {
 public:
  /// `migrations` outlive the unit.
  Installation(sql::Engine engine, std::span<const Migration> migrations) : engine_(engine), migrations_(migrations) {}

  Next next(const Result<storage::Outcome>* previous) override;
  void restart() override;

 private:
  enum class Step : std::uint8_t { lock, look, look_at_version, plan, work };

  /// The integers of the one row that a question is answered with.
  class Numbers final : public sql::RowSink {
   public:
    Result<void> row(std::span<const sql::Cell> cells) override;
    void restart() override { values.clear(); }
    std::size_t bytes() const noexcept override { return 0; }
    std::vector<std::int64_t> values;
  };

  Next ask(sql::Literal question);
  void plan_first();
  void plan_from(std::size_t version);
  bool postgres() const noexcept { return engine_ == sql::Engine::postgres; }

  const sql::Engine engine_;
  const std::span<const Migration> migrations_;
  Step step_ = Step::lock;
  bool has_schema_ = false;
  Numbers answer_;
  sql::Statement question_;
  std::vector<sql::Statement> work_;
  std::size_t at_ = 0;
};

}  // namespace ballast::records
