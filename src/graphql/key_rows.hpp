#pragma once

#include <span>
#include <string>
#include <vector>

#include "encode/shape.hpp"
#include "sql/row_sink.hpp"

namespace ballast::graphql {

/// Keeps rows as JSON values, column by column: the keys of what was written, for the statements that follow.
class KeyRows final : public sql::RowSink {
 public:
  KeyRows() = default;
  /// Of statements that come; what was kept stays.
  void expect(const encode::Shape& shape) { fields_ = fields_of(shape); }

  Result<void> row(std::span<const sql::Cell> cells) override;
  void restart() override { rows_.clear(); }
  std::size_t bytes() const noexcept override { return bytes_; }
  const std::vector<std::vector<std::string>>& rows() const noexcept { return rows_; }

 private:
  static std::vector<encode::Field> fields_of(const encode::Shape& shape);

  std::vector<encode::Field> fields_;
  std::vector<std::vector<std::string>> rows_;
  std::size_t bytes_ = 0;
};

}  // namespace ballast::graphql
