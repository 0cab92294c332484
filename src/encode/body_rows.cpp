#include "encode/body_rows.hpp"

namespace ballast::encode {

Result<void> BodyRows::row(std::span<const sql::Cell> cells) {
  switch (facts_.note(cells)) {
    case RowFacts::Row::left_out:
      return {};
    case RowFacts::Row::next:
      write_row(body_.buffer(), cells, facts_.rows() - 1);
      break;
    case RowFacts::Row::below:
      check(false, "rows of several levels, in a form that has none");
      break;
  }
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
