#include "encode/json_rows.hpp"

#include "encode/value.hpp"

namespace ballast::encode {

void JsonRows::write_row(std::string& out, std::span<const sql::Cell> cells, std::int64_t index) {
  if (options_.single) {
    if (index > 0) return;
  } else {
    out += index == 0 ? '[' : ',';
  }
  if (options_.strip_nulls) {
    write_object_without_nulls(out, shape().root, cells);
  } else {
    writer_.write(out, cells);
  }
}

void JsonRows::write_end(std::string& out, std::int64_t rows) {
  if (options_.single) return;
  if (rows == 0) out += '[';
  out += ']';
}

}  // namespace ballast::encode
