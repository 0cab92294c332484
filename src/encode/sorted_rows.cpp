#include "encode/sorted_rows.hpp"

#include <algorithm>

namespace ballast::encode {
namespace {

using CellKind = sql::Cell::Kind;

/// Numbers before text before blobs, as SQLite orders its storage classes.
int rank(const sql::Cell& cell) {
  switch (cell.kind) {
    case CellKind::null:
      return 0;
    case CellKind::integer:
    case CellKind::real:
      return 1;
    case CellKind::text:
      return 2;
    case CellKind::blob:
      return 3;
  }
  return 0;
}

double number(const sql::Cell& cell) {
  return cell.kind == CellKind::integer ? static_cast<double>(cell.integer) : cell.real;
}

/// -1, 0 or 1; neither is NULL.
int compare(const sql::Cell& a, const sql::Cell& b) {
  if (rank(a) != rank(b)) return rank(a) < rank(b) ? -1 : 1;
  if (a.kind == CellKind::integer && b.kind == CellKind::integer)
    return a.integer < b.integer ? -1 : a.integer > b.integer;
  if (rank(a) == 1) return number(a) < number(b) ? -1 : number(a) > number(b);
  const int order = a.text.compare(b.text);
  return order < 0 ? -1 : order > 0;
}

}  // namespace

Result<void> SortedRows::row(std::span<const sql::Cell> cells) {
  auto row = std::make_unique<Row>();
  row->cells.assign(cells.begin(), cells.end());
  std::size_t length = 0;
  for (const auto& cell : cells) length += cell.text.size();
  row->text.reserve(length);
  for (auto& cell : row->cells) {
    const std::size_t at = row->text.size();
    row->text.append(cell.text);
    cell.text = std::string_view(row->text.data() + at, row->text.size() - at);
  }
  bytes_ += length + cells.size() * sizeof(sql::Cell);
  rows_.push_back(std::move(row));
  return {};
}

void SortedRows::restart() {
  rows_.clear();
  bytes_ = 0;
  sorted_.restart();
}

bool SortedRows::before(const Row& a, const Row& b) const {
  for (const auto& key : order_) {
    const auto& left = a.cells[static_cast<std::size_t>(key.column)];
    const auto& right = b.cells[static_cast<std::size_t>(key.column)];
    const bool left_null = left.kind == CellKind::null;
    const bool right_null = right.kind == CellKind::null;
    if (left_null != right_null) return left_null == key.nulls_first;
    if (left_null) continue;
    const int order = compare(left, right);
    if (order != 0) return key.descending ? order > 0 : order < 0;
  }
  return false;
}

Result<void> SortedRows::flush() {
  std::stable_sort(rows_.begin(), rows_.end(), [this](const auto& a, const auto& b) { return before(*a, *b); });
  for (const auto& row : rows_) BALLAST_CHECKED(sorted_.row(row->cells));
  rows_.clear();
  return {};
}

}  // namespace ballast::encode
