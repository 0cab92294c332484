#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "query/operation.hpp"
#include "sql/row_sink.hpp"

/// Counting by the database's own guess.
namespace ballast::rest {

/// Takes the text of a statement that tells a plan as JSON.
class EstimateSink final : public sql::RowSink {
 public:
  Result<void> row(std::span<const sql::Cell> cells) override;
  void restart() override { text_.clear(); }
  std::size_t bytes() const noexcept override { return text_.size(); }
  /// How many rows the whole plan is expected to give.
  std::int64_t rows() const;

 private:
  std::string text_;
};

/// What to tell as the number of all rows, given the guess and what was counted (up to more than `max_rows`, when that
/// is not 0): an estimated count believes the guess only where counting gave up, and only if it is the greater one.
std::int64_t estimated_total(query::Count count, std::optional<std::int64_t> counted, std::int64_t guess,
                             std::uint64_t max_rows) noexcept;

}  // namespace ballast::rest
