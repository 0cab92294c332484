#pragma once

#include "encode/row_facts.hpp"

namespace ballast::encode {

/// Drops the rows and keeps the facts: HEAD, `return=minimal` and `return=headers-only`.
class CountRows final : public sql::RowSink {
 public:
  /// `shape` outlives the sink.
  explicit CountRows(const Shape& shape) noexcept : facts_(shape) {}

  Result<void> row(std::span<const sql::Cell> cells) override {
    facts_.note(cells);
    return {};
  }
  void restart() override { facts_.clear(); }
  std::size_t bytes() const noexcept override { return 0; }
  const RowFacts& facts() const noexcept { return facts_; }

 private:
  RowFacts facts_;
};

}  // namespace ballast::encode
