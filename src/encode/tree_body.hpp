#pragma once

#include "encode/body_rows.hpp"
#include "encode/tree_rows.hpp"

namespace ballast::encode {

/// The body that a shape with levels makes; the facts are about the rows of its first level.
class TreeBody final : public BodyRows {
 public:
  /// `shape` and `writer` outlive the sink. `single`: the first row as an object instead of an array.
  TreeBody(const Shape& shape, const TreeWriter& writer, bool single, std::size_t tree_limit, Spool::Limits limits)
      : BodyRows(shape, std::move(limits)), tree_(shape, writer, tree_limit), single_(single) {}

  Result<void> row(std::span<const sql::Cell> cells) override {
    note(cells);
    return tree_.row(cells);
  }
  void restart() override {
    BodyRows::restart();
    tree_.restart();
  }
  std::size_t bytes() const noexcept override { return tree_.bytes(); }

 private:
  void write_row(std::string&, std::span<const sql::Cell>, std::int64_t) override {}
  void write_end(std::string& out, std::int64_t) override {
    if (single_) {
      tree_.write_first(out);
    } else {
      tree_.write(out);
    }
  }

  TreeRows tree_;
  bool single_;
};

}  // namespace ballast::encode
