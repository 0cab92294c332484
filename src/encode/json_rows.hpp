#pragma once

#include <optional>

#include "encode/body_rows.hpp"
#include "encode/group_writer.hpp"
#include "encode/object_writer.hpp"

namespace ballast::encode {

struct JsonRowsOptions {
  bool single = false;       ///< the first row as an object instead of an array; the others are only counted
  bool strip_nulls = false;  ///< members that are null are left out
};

/// What writes the rows of a shape, made once for many answers.
struct RowWriter {
  /// `shape` outlives the writer.
  explicit RowWriter(const Shape& shape) : rows(shape.root) {
    if (shape.grouping) groups.emplace(shape);
  }

  ObjectWriter rows;
  std::optional<GroupWriter> groups;
};

/// Rows → a JSON array of objects, or one object. In single mode without rows the body is empty.
class JsonRows final : public BodyRows {
 public:
  /// `shape` outlives the sink.
  explicit JsonRows(const Shape& shape, JsonRowsOptions options = {}, Spool::Limits limits = {})
      : BodyRows(shape, std::move(limits)), options_(options), own_(std::in_place, shape), writer_(*own_) {}
  /// `writer` is one for `shape`, made beforehand, and outlives the sink too.
  JsonRows(const Shape& shape, const RowWriter& writer, JsonRowsOptions options, Spool::Limits limits)
      : BodyRows(shape, std::move(limits)), options_(options), writer_(writer) {}

 private:
  void write_row(std::string& out, std::span<const sql::Cell> cells, std::int64_t index) override;
  void continue_row(std::string& out, std::span<const sql::Cell> cells, std::int64_t index) override;
  void write_end(std::string& out, std::int64_t rows) override;

  JsonRowsOptions options_;
  std::optional<RowWriter> own_;
  const RowWriter& writer_;
  std::string rest_;  // of the row that is still growing
};

}  // namespace ballast::encode
