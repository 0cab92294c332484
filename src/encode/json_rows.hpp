#pragma once

#include <optional>

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
      : BodyRows(shape, std::move(limits)), options_(options), own_(std::in_place, shape.root), writer_(*own_) {}
  /// `writer` is one for the shape's root, made beforehand, and outlives the sink too.
  JsonRows(const Shape& shape, const ObjectWriter& writer, JsonRowsOptions options, Spool::Limits limits)
      : BodyRows(shape, std::move(limits)), options_(options), writer_(writer) {}

 private:
  void write_row(std::string& out, std::span<const sql::Cell> cells, std::int64_t index) override;
  void write_end(std::string& out, std::int64_t rows) override;

  JsonRowsOptions options_;
  std::optional<ObjectWriter> own_;
  const ObjectWriter& writer_;
};

}  // namespace ballast::encode
