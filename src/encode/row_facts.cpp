#include "encode/row_facts.hpp"

#include <charconv>

#include "base/check.hpp"
#include "encode/value.hpp"

namespace ballast::encode {
namespace {

const sql::Cell& cell_at(std::span<const sql::Cell> cells, int index) {
  check(static_cast<std::size_t>(index) < cells.size(), "a shape names a cell that its row lacks");
  return cells[static_cast<std::size_t>(index)];
}

std::optional<std::int64_t> integer_in(const sql::Cell& cell) {
  if (cell.kind == sql::Cell::Kind::integer) return cell.integer;
  std::int64_t value = 0;
  const auto result = std::from_chars(cell.text.data(), cell.text.data() + cell.text.size(), value);
  if (cell.kind != sql::Cell::Kind::text || result.ec != std::errc()) return std::nullopt;
  return value;
}

}  // namespace

RowFacts::Row RowFacts::note(std::span<const sql::Cell> cells) {
  if (shape_->total >= 0 && !total_) total_ = integer_in(cell_at(cells, shape_->total));
  if (shape_->row_present >= 0 && cell_at(cells, shape_->row_present).kind == sql::Cell::Kind::null) {
    return Row::left_out;
  }
  if (shape_->levels.size() > 1 && integer_in(cell_at(cells, 0)) != 0) return Row::below;
  if (rows_++ == 0) {
    for (const Field& field : shape_->location) {
      std::string text;
      write_field_text(text, cell_at(cells, field.column), field);
      location_.emplace_back(field.key, std::move(text));
    }
    if (shape_->version >= 0) version_ = cell_at(cells, shape_->version).text;
  }
  if (shape_->updated >= 0) updated_ = integer_in(cell_at(cells, shape_->updated));
  if (shape_->rows >= 0) rows_ = integer_in(cell_at(cells, shape_->rows)).value_or(rows_);
  return Row::next;
}

void RowFacts::clear() {
  rows_ = 0;
  total_.reset();
  updated_.reset();
  version_.clear();
  location_.clear();
}

}  // namespace ballast::encode
