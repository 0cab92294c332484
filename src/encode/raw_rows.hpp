#pragma once

#include "encode/body_rows.hpp"

namespace ballast::encode {

/// Rows of one cell each → their text as it stands, one line each; of a `bytea` its bytes.
class RawRows final : public BodyRows {
 public:
  /// `shape` outlives the sink.
  explicit RawRows(const Shape& shape, Spool::Limits limits = {}) : BodyRows(shape, std::move(limits)) {}

 private:
  void write_row(std::string& out, std::span<const sql::Cell> cells, std::int64_t index) override;
  void write_end(std::string&, std::int64_t) override {}
};

}  // namespace ballast::encode
