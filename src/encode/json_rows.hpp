#pragma once

#include "encode/body_rows.hpp"
#include "encode/object_writer.hpp"

namespace ballast::encode {

struct JsonRowsOptions {
  bool single = false;       ///< the first row as an object instead of an array; the others are only counted
  bool strip_nulls = false;  ///< members that are null are left out
};

/// Rows → a JSON array of objects, or one object. In single mode without rows the body is empty.
class JsonRows final : public BodyRows {
 public:
  /// `shape` outlives the sink.
  explicit JsonRows(const Shape& shape, JsonRowsOptions options = {}, Spool::Limits limits = {})
      : BodyRows(shape, std::move(limits)), options_(options), writer_(shape.root) {}

 private:
  void write_row(std::string& out, std::span<const sql::Cell> cells, std::int64_t index) override;
  void write_end(std::string& out, std::int64_t rows) override;

  JsonRowsOptions options_;
  ObjectWriter writer_;
};

}  // namespace ballast::encode
