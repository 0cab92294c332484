#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "encode/shape.hpp"
#include "sql/row_sink.hpp"

namespace ballast::encode {

/// What an answer's headers need to know about the rows that went by, whatever became of the rows themselves.
class RowFacts {
 public:
  /// `shape` outlives the facts.
  explicit RowFacts(const Shape& shape) noexcept : shape_(&shape) {}

  enum class Row : std::uint8_t {
    left_out,  ///< only carries the total
    next,      ///< a row of the answer
    below,     ///< of a level below the answer's own rows
  };

  /// Takes note of one row.
  Row note(std::span<const sql::Cell> cells);
  void clear();

  /// Rows of the answer.
  std::int64_t rows() const noexcept { return rows_; }
  /// All rows that match, regardless of the page, when the statement counted them.
  std::optional<std::int64_t> total() const noexcept { return total_; }
  /// How many of an upsert's rows were there before, when the statement counted them and there was a row.
  std::optional<std::int64_t> updated() const noexcept { return updated_; }
  /// The first row's version, when the shape tells it.
  const std::string& version() const noexcept { return version_; }
  /// The first row's primary key: column name and value as text, when the shape asks for it.
  const std::vector<std::pair<std::string, std::string>>& location() const noexcept { return location_; }

 private:
  const Shape* shape_;
  std::int64_t rows_ = 0;
  std::optional<std::int64_t> total_;
  std::optional<std::int64_t> updated_;
  std::string version_;
  std::vector<std::pair<std::string, std::string>> location_;
};

}  // namespace ballast::encode
