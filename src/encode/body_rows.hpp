#pragma once

#include "base/check.hpp"
#include "base/spool.hpp"
#include "encode/row_facts.hpp"

namespace ballast::encode {

/// A row sink that makes an answer's body. After the last statement: `finish()` once, then `take_body()`.
class BodyRows : public sql::RowSink {
 public:
  BodyRows(const Shape& shape, Spool::Limits limits) : shape_(shape), facts_(shape), body_(std::move(limits)) {}

  Result<void> row(std::span<const sql::Cell> cells) override;
  void restart() override;
  std::size_t bytes() const noexcept override { return static_cast<std::size_t>(body_.size()); }

  /// Writes what stands after the last row.
  Result<void> finish();
  Spool take_body() { return std::move(body_); }
  const RowFacts& facts() const noexcept { return facts_; }

 protected:
  /// Appends one row; `index` counts from 0.
  virtual void write_row(std::string& out, std::span<const sql::Cell> cells, std::int64_t index) = 0;
  /// Appends what stands after the last row (and before, when there was none).
  virtual void write_end(std::string& out, std::int64_t rows) = 0;
  const Shape& shape() const noexcept { return shape_; }
  void note(std::span<const sql::Cell> cells) { facts_.note(cells); }

 private:
  const Shape& shape_;
  RowFacts facts_;
  Spool body_;
};

}  // namespace ballast::encode
