#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "encode/shape.hpp"
#include "sql/row_sink.hpp"

namespace ballast::encode {

/// Keeps the rows of a write until all are there, then passes them on in the shape's order. They are held in memory:
/// no more of them than one request body or one UPDATE touched.
class SortedRows final : public sql::RowSink {
 public:
  /// Both outlive the sink.
  SortedRows(const Shape& shape, sql::RowSink& sorted) : order_(shape.order), sorted_(sorted) {}

  Result<void> row(std::span<const sql::Cell> cells) override;
  void restart() override;
  std::size_t bytes() const noexcept override { return bytes_; }
  /// After the last row, once. Rows with equal keys stay in the order they came in.
  Result<void> flush();

 private:
  struct Row {
    std::vector<sql::Cell> cells;  // their text points into `text`
    std::string text;
  };
  bool before(const Row& a, const Row& b) const;

  const std::vector<SortKey>& order_;
  sql::RowSink& sorted_;
  std::vector<std::unique_ptr<Row>> rows_;
  std::size_t bytes_ = 0;
};

}  // namespace ballast::encode
