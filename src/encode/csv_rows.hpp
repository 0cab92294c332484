#pragma once

#include "encode/body_rows.hpp"

namespace ballast::encode {

/// Rows → `text/csv` as PostgREST writes it: a line of keys, then each row as the inside of PostgreSQL's composite
/// text form (record_out: NULL is nothing, quotes where a field is empty or holds `"`, `\`, parentheses, a comma or
/// white space), with `\n` between lines and none after the last. Without rows the body is a single `\n`.
class CsvRows final : public BodyRows {
 public:
  /// `shape` outlives the sink.
  explicit CsvRows(const Shape& shape, Spool::Limits limits = {}) : BodyRows(shape, std::move(limits)) {}

 private:
  void write_row(std::string& out, std::span<const sql::Cell> cells, std::int64_t index) override;
  void write_end(std::string& out, std::int64_t rows) override;

  std::string field_;  // one field's text, kept for its capacity
};

}  // namespace ballast::encode
