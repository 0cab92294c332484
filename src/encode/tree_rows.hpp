#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "encode/object_writer.hpp"
#include "encode/shape.hpp"
#include "sql/row_sink.hpp"

namespace ballast::encode {

/// What writes the rows of a shape with levels, made once for many answers.
struct TreeWriter {
  /// `shape` outlives the writer.
  explicit TreeWriter(const Shape& shape);

  std::vector<std::vector<ObjectWriter>> levels;  ///< faces by level
};

/// The error's code of a tree that does not fit its limit.
inline constexpr std::string_view tree_too_large = "BLST513";

/// Rows of several levels → one JSON text. Each row becomes text as it comes, with holes in it; the holes are filled
/// when all rows are there, so memory grows with the answer.
class TreeRows final : public sql::RowSink {
 public:
  /// All outlive the sink. Fails with 413 `tree_too_large` once it holds more than `limit` bytes.
  TreeRows(const Shape& shape, const TreeWriter& writer, std::size_t limit);

  Result<void> row(std::span<const sql::Cell> cells) override;
  void restart() override;
  std::size_t bytes() const noexcept override { return text_.size(); }

  /// Appends the whole answer. Once, after the last row.
  void write(std::string& out);
  /// Appends the first level's first row alone, if there is one, instead.
  void write_first(std::string& out);
  /// Rows of a level so far.
  std::size_t rows(int level) const noexcept { return levels_[static_cast<std::size_t>(level)].parents.size(); }

 private:
  /// A row's text by one of its faces.
  struct Piece {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t first_mark = 0;
    std::size_t last_mark = 0;
  };
  struct Rows {
    std::vector<std::uint32_t> parents;  ///< numbers of the rows that they belong to; 0: none
    std::vector<std::int64_t> keys;      ///< of a level that is to be sorted
    std::vector<Piece> pieces;           ///< faces of the first row, of the second, …
    std::vector<std::uint32_t> starts;   ///< of each parent's rows in `order`, once all are there
    std::vector<std::uint32_t> order;
  };

  void sort_by_parent();
  std::span<const std::uint32_t> children(int level, std::uint32_t parent) const;
  void write_filling(std::string& out, int filling, std::uint32_t parent) const;
  void write_piece(std::string& out, int level, int face, std::uint32_t row) const;

  const Shape& shape_;
  const TreeWriter& writer_;
  const std::size_t limit_;
  std::vector<Rows> levels_;
  std::string text_;
  std::vector<Mark> marks_;
};

}  // namespace ballast::encode
