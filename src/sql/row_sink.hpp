#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace ballast::sql {

/// One value of one row, as the engine holds it; `text` lives only until `RowSink::row` returns. PostgreSQL
/// delivers text (or null) only, SQLite delivers its storage class.
struct Cell {
  enum class Kind : std::uint8_t { null, integer, real, text, blob };
  Kind kind = Kind::null;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view text;  ///< text and blob
};

/// Takes the rows of a statement as the engine produces them, on whichever thread runs the statement; calls never
/// overlap. Every row has as many cells as the statement has columns.
class RowSink {
 public:
  virtual ~RowSink() = default;
  /// An error ends the statement, which then fails with it.
  virtual Result<void> row(std::span<const Cell> cells) = 0;
  /// Forget every row taken so far: the statement is run again (slow lane, retried transaction).
  virtual void restart() = 0;
  /// Bytes taken so far; an engine moves a read off the event loop when this grows past its budget.
  virtual std::size_t bytes() const noexcept = 0;
};

}  // namespace ballast::sql
