#include "encode/sorted_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::encode {
namespace {

using sql::Cell;

Cell text(std::string_view value) { return {.kind = Cell::Kind::text, .text = value}; }
Cell number(std::int64_t value) { return {.kind = Cell::Kind::integer, .integer = value}; }

class Names final : public sql::RowSink {
 public:
  Result<void> row(std::span<const Cell> cells) override {
    names.emplace_back(cells.front().text);
    return {};
  }
  void restart() override { names.clear(); }
  std::size_t bytes() const noexcept override { return 0; }
  std::vector<std::string> names;
};

std::vector<std::string> sorted(std::vector<SortKey> order, const std::vector<std::vector<Cell>>& rows) {
  Shape shape;
  shape.order = std::move(order);
  Names names;
  SortedRows sink(shape, names);
  for (const auto& row : rows) EXPECT_TRUE(sink.row(row));
  EXPECT_TRUE(sink.flush());
  return names.names;
}

TEST(SortedRows, PutsNullsWhereTheKeySaysInBothDirections) {
  const std::vector<std::vector<Cell>> rows = {{text("none"), {}}, {text("two"), number(2)}, {text("ten"), number(10)}};
  EXPECT_THAT(sorted({{1, false, false}}, rows), testing::ElementsAre("two", "ten", "none"));
  EXPECT_THAT(sorted({{1, true, true}}, rows), testing::ElementsAre("none", "ten", "two"));
}

TEST(SortedRows, KeepsTheOrderOfEqualKeysAndLooksAtTheNextOne) {
  const std::vector<std::vector<Cell>> rows = {{text("b"), number(1)}, {text("a"), number(1)}, {text("c"), number(0)}};
  EXPECT_THAT(sorted({{1, false, false}}, rows), testing::ElementsAre("c", "b", "a"));
  EXPECT_THAT(sorted({{1, false, false}, {0, false, false}}, rows), testing::ElementsAre("c", "a", "b"));
}

TEST(SortedRows, OwnsWhatItKeeps) {
  Shape shape;
  shape.order = {{0, true, false}};
  Names names;
  SortedRows sink(shape, names);
  for (const char* const word : {"first", "second"}) {
    std::string gone = word;
    const std::vector<Cell> cells = {text(gone)};
    ASSERT_TRUE(sink.row(cells));
    gone.assign(gone.size(), '-');
  }
  ASSERT_TRUE(sink.flush());
  EXPECT_THAT(names.names, testing::ElementsAre("second", "first"));
}

}  // namespace
}  // namespace ballast::encode
