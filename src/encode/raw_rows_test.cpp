#include "encode/raw_rows.hpp"

#include <gtest/gtest.h>

namespace ballast::encode {
namespace {

Shape shape_of(catalog::Kind kind) {
  Shape shape;
  shape.root.bare = true;
  shape.root.members.emplace_back(Field{"value", 0, kind, -1, true});
  return shape;
}

std::string written(const Shape& shape, std::vector<std::string_view> values) {
  RawRows rows(shape);
  for (const auto value : values) {
    sql::Cell cell;
    cell.kind = sql::Cell::Kind::text;
    cell.text = value;
    EXPECT_TRUE(rows.row(std::span(&cell, 1)));
  }
  EXPECT_TRUE(rows.finish());
  return rows.take_body().take_memory();
}

TEST(RawRows, WritesTextAsItStands) {
  EXPECT_EQ(written(shape_of(catalog::Kind::text), {"<p a=\"b\">"}), "<p a=\"b\">");
  EXPECT_EQ(written(shape_of(catalog::Kind::text), {}), "");
}

TEST(RawRows, WritesTheBytesOfBytea) {
  EXPECT_EQ(written(shape_of(catalog::Kind::bytea), {"\\x00ff41"}), std::string("\0\xFF"
                                                                                "A",
                                                                                3));
}

TEST(RawRows, WritesALineForEachRow) {
  EXPECT_EQ(written(shape_of(catalog::Kind::text), {"Sort", "  ->  Seq Scan"}), "Sort\n  ->  Seq Scan");
}

TEST(RowFacts, TakesTheNumberOfFoldedRowsFromACell) {
  Shape shape = shape_of(catalog::Kind::text);
  shape.rows = 1;
  RowFacts facts(shape);
  std::vector<sql::Cell> cells(2);
  cells[1].kind = sql::Cell::Kind::text;
  cells[1].text = "12";
  EXPECT_EQ(facts.note(cells), RowFacts::Row::next);
  EXPECT_EQ(facts.rows(), 12);
}

}  // namespace
}  // namespace ballast::encode
