#include "encode/json_rows.hpp"

#include "encode/value.hpp"

namespace ballast::encode {

void JsonRows::write_row(std::string& out, std::span<const sql::Cell> cells, std::int64_t index) {
  if (options_.single) {
    if (index > 0) return;
  } else {
    if (index > 0) out += rest_;
    out += index == 0 ? '[' : ',';
  }
  if (writer_.groups) {
    writer_.groups->open(out, rest_, cells, options_.strip_nulls);
  } else if (options_.strip_nulls) {
    write_object_without_nulls(out, shape().root, cells);
  } else {
    writer_.rows.write(out, cells);
  }
}

void JsonRows::continue_row(std::string& out, std::span<const sql::Cell> cells, std::int64_t index) {
  if (!options_.single || index == 0) writer_.groups->add(out, cells, options_.strip_nulls);
}

void JsonRows::write_end(std::string& out, std::int64_t rows) {
  if (rows > 0) out += rest_;
  if (options_.single) return;
  if (rows == 0) out += '[';
  out += ']';
}

}  // namespace ballast::encode
