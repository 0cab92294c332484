#include "encode/tree_rows.hpp"

#include <algorithm>
#include <charconv>

#include "base/check.hpp"

namespace ballast::encode {
namespace {

/// 0 for NULL.
std::int64_t integer_in(const sql::Cell& cell) {
  if (cell.kind == sql::Cell::Kind::integer) return cell.integer;
  std::int64_t value = 0;
  std::from_chars(cell.text.data(), cell.text.data() + cell.text.size(), value);
  return value;
}

/// A number that the statement itself made; 0 for NULL.
std::uint32_t number_in(const sql::Cell& cell) { return static_cast<std::uint32_t>(integer_in(cell)); }

}  // namespace

TreeWriter::TreeWriter(const Shape& shape) : levels(shape.levels.size()) {
  for (std::size_t i = 0; i < shape.levels.size(); ++i) {
    for (const Object& face : shape.levels[i].faces) levels[i].emplace_back(face);
  }
}

TreeRows::TreeRows(const Shape& shape, const TreeWriter& writer, std::size_t limit)
    : shape_(shape), writer_(writer), limit_(limit), levels_(shape.levels.size()) {}

Result<void> TreeRows::row(std::span<const sql::Cell> cells) {
  std::size_t level = 0;
  std::uint32_t number = 0;
  std::uint32_t parent = 0;
  if (levels_.size() > 1) {
    check(cells.size() >= 3, "a tree's row without its place");
    level = number_in(cells[0]);
    number = number_in(cells[1]);
    parent = number_in(cells[2]);
    check(level < levels_.size(), "a row of a level that its tree does not have");
  }
  Rows& rows = levels_[level];
  check(number == 0 || number == rows.parents.size() + 1, "a level's rows out of their order");
  rows.parents.push_back(parent);
  if (const int cell = shape_.levels[level].sorted_by; cell >= 0) {
    rows.keys.push_back(integer_in(cells[static_cast<std::size_t>(cell)]));
  }
  for (const ObjectWriter& face : writer_.levels[level]) {
    Piece piece{text_.size(), 0, marks_.size(), 0};
    face.write(text_, cells, &marks_);
    piece.end = text_.size();
    piece.last_mark = marks_.size();
    rows.pieces.push_back(piece);
  }
  if (text_.size() > limit_) {
    return make_error(413, std::string(tree_too_large),
                      "the answer is larger than " + std::to_string(limit_) + " bytes")
        .with_hint("ask for fewer rows at once");
  }
  return {};
}

void TreeRows::restart() {
  levels_.assign(shape_.levels.size(), {});
  text_.clear();
  marks_.clear();
}

void TreeRows::sort_by_parent() {
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    Rows& rows = levels_[i];
    const int parent = shape_.levels[i].parent;
    const std::size_t parents = parent < 0 ? 0 : levels_[static_cast<std::size_t>(parent)].parents.size();
    rows.starts.assign(parents + 2, 0);
    for (const std::uint32_t number : rows.parents) {
      check(number <= parents, "a row that belongs to none");
      ++rows.starts[number + 1];
    }
    for (std::size_t at = 1; at < rows.starts.size(); ++at) rows.starts[at] += rows.starts[at - 1];
    std::vector<std::uint32_t> next(rows.starts.begin(), rows.starts.end());
    rows.order.resize(rows.parents.size());
    for (std::uint32_t row = 0; row < rows.parents.size(); ++row) rows.order[next[rows.parents[row]]++] = row;
    if (rows.keys.empty()) continue;
    const auto earlier = [&](std::uint32_t a, std::uint32_t b) { return rows.keys[a] < rows.keys[b]; };
    for (std::size_t at = 0; at + 1 < rows.starts.size(); ++at) {
      const auto first = rows.order.begin() + rows.starts[at];
      const auto last = rows.order.begin() + rows.starts[at + 1];
      if (!std::is_sorted(first, last, earlier)) std::stable_sort(first, last, earlier);
    }
  }
}

std::span<const std::uint32_t> TreeRows::children(int level, std::uint32_t parent) const {
  const Rows& rows = levels_[static_cast<std::size_t>(level)];
  const auto all = std::span(rows.order).subspan(rows.starts[parent], rows.starts[parent + 1] - rows.starts[parent]);
  const auto limit = shape_.levels[static_cast<std::size_t>(level)].limit;
  return limit && *limit < all.size() ? all.first(static_cast<std::size_t>(*limit)) : all;
}

void TreeRows::write(std::string& out) {
  sort_by_parent();
  out.reserve(out.size() + text_.size() + text_.size() / 8);
  write_filling(out, 0, 0);
}

void TreeRows::write_first(std::string& out) {
  sort_by_parent();
  if (!levels_.front().parents.empty()) write_piece(out, 0, 0, 0);
}

void TreeRows::write_filling(std::string& out, int filling, std::uint32_t parent) const {
  struct Visitor {
    const TreeRows& tree;
    std::string& out;
    std::uint32_t parent;
    std::span<const std::uint32_t> shown(int level, std::optional<std::uint64_t> limit) const {
      const bool has_parent = tree.shape_.levels[static_cast<std::size_t>(level)].parent >= 0;
      const auto rows = tree.children(level, has_parent ? parent : 0);
      return limit && *limit < rows.size() ? rows.first(static_cast<std::size_t>(*limit)) : rows;
    }
    void operator()(const std::string& text) const { out += text; }
    void operator()(const List& list) const {
      const auto rows = shown(list.level, list.limit);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i > 0) out += ',';
        tree.write_piece(out, list.level, list.face, rows[list.reversed ? rows.size() - 1 - i : i]);
      }
    }
    void operator()(const Single& single) const {
      const auto rows = shown(single.level, single.limit);
      if (rows.empty()) {
        out += single.otherwise;
      } else {
        tree.write_piece(out, single.level, single.face, single.last ? rows.back() : rows.front());
      }
    }
    void operator()(const RowCount& count) const { out += std::to_string(shown(count.level, std::nullopt).size()); }
    void operator()(const More& more) const {
      out += shown(more.level, std::nullopt).size() > more.limit ? "true" : "false";
    }
  };
  for (const Part& part : shape_.fillings[static_cast<std::size_t>(filling)])
    std::visit(Visitor{*this, out, parent}, part);
}

void TreeRows::write_piece(std::string& out, int level, int face, std::uint32_t row) const {
  const Rows& rows = levels_[static_cast<std::size_t>(level)];
  const std::size_t faces = writer_.levels[static_cast<std::size_t>(level)].size();
  const Piece& piece = rows.pieces[row * faces + static_cast<std::size_t>(face)];
  std::size_t from = piece.begin;
  for (std::size_t i = piece.first_mark; i < piece.last_mark; ++i) {
    out.append(text_, from, marks_[i].at - from);
    from = marks_[i].at;
    write_filling(out, marks_[i].filling, row + 1);
  }
  out.append(text_, from, piece.end - from);
}

}  // namespace ballast::encode
