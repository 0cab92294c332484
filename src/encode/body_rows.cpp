#include "encode/body_rows.hpp"

namespace ballast::encode {

Result<void> BodyRows::row(std::span<const sql::Cell> cells) {
  if (!facts_.note(cells)) return {};
  write_row(body_.buffer(), cells, facts_.rows() - 1);
  return body_.commit();
}

void BodyRows::restart() {
  facts_.clear();
  body_.clear();
}

Result<void> BodyRows::finish() {
  write_end(body_.buffer(), facts_.rows());
  return body_.commit();
}

}  // namespace ballast::encode
