#include <gtest/gtest.h>

#include <array>

#include "encode/count_rows.hpp"
#include "encode/csv_rows.hpp"
#include "encode/json_rows.hpp"

namespace ballast::encode {
namespace {

using catalog::Kind;
using sql::Cell;

Cell null() { return {}; }
Cell integer(std::int64_t v) { return {Cell::Kind::integer, v, 0, {}}; }
Cell text(std::string_view v) { return {Cell::Kind::text, 0, 0, v}; }

Shape people() {
  Shape shape;
  shape.root.members = {Field{"id", 0, Kind::integer, -1}, Field{"name", 1, Kind::text, -1}};
  return shape;
}

template <class Rows>
std::string body(Rows& rows) {
  EXPECT_TRUE(rows.finish().ok());
  Spool spool = rows.take_body();
  return spool.take_memory();
}

template <class Rows>
void feed(Rows& rows, std::vector<Cell> cells) {
  EXPECT_TRUE(rows.row(cells).ok());
}

TEST(JsonRows, MakesAnArray) {
  const Shape shape = people();
  JsonRows rows(shape);
  feed(rows, {integer(1), text("Ada")});
  feed(rows, {integer(2), null()});
  EXPECT_EQ(body(rows), R"([{"id":1,"name":"Ada"},{"id":2,"name":null}])");
  EXPECT_EQ(rows.facts().rows(), 2);
}

TEST(JsonRows, MakesAnEmptyArrayOfNoRows) {
  const Shape shape = people();
  JsonRows rows(shape);
  EXPECT_EQ(body(rows), "[]");
}

TEST(JsonRows, MakesOneObjectAndCountsTheOthers) {
  const Shape shape = people();
  JsonRows rows(shape, {.single = true});
  feed(rows, {integer(1), text("Ada")});
  feed(rows, {integer(2), text("Bob")});
  EXPECT_EQ(body(rows), R"({"id":1,"name":"Ada"})");
  EXPECT_EQ(rows.facts().rows(), 2);
}

TEST(JsonRows, ForgetsEverythingOnRestart) {
  Shape shape = people();
  shape.location = {Field{"id", 0, Kind::integer, -1}};
  JsonRows rows(shape);
  feed(rows, {integer(1), text("Ada")});
  rows.restart();
  feed(rows, {integer(2), text("Bob")});
  EXPECT_EQ(body(rows), R"([{"id":2,"name":"Bob"}])");
  ASSERT_EQ(rows.facts().location().size(), 1U);
  EXPECT_EQ(rows.facts().location()[0].second, "2");
}

TEST(JsonRows, TakesTheTotalFromARowThatIsNone) {
  Shape shape = people();
  shape.total = 2;
  shape.row_present = 3;
  JsonRows rows(shape);
  feed(rows, {null(), null(), integer(42), null()});
  EXPECT_EQ(body(rows), "[]");
  EXPECT_EQ(rows.facts().rows(), 0);
  EXPECT_EQ(rows.facts().total(), 42);
}

TEST(JsonRows, LeavesOutNullsWhenAsked) {
  const Shape shape = people();
  JsonRows rows(shape, {.strip_nulls = true});
  feed(rows, {integer(1), null()});
  EXPECT_EQ(body(rows), R"([{"id":1}])");
}

TEST(CsvRows, QuotesAsPostgresRecordsDo) {
  const Shape shape = people();
  CsvRows rows(shape);
  feed(rows, {integer(1), text("Ada L")});
  feed(rows, {integer(2), null()});
  feed(rows, {integer(3), text("")});
  feed(rows, {integer(4), text("a\"b\\c")});
  feed(rows, {integer(5), text("plain")});
  EXPECT_EQ(body(rows), "id,name\n1,\"Ada L\"\n2,\n3,\"\"\n4,\"a\"\"b\\\\c\"\n5,plain");
}

TEST(CsvRows, IsOneLineBreakWithoutRows) {
  const Shape shape = people();
  CsvRows rows(shape);
  EXPECT_EQ(body(rows), "\n");
}

TEST(CountRows, KeepsTheFirstRowsLocation) {
  Shape shape;
  shape.location = {Field{"id", 0, Kind::integer, -1}};
  CountRows rows(shape);
  feed(rows, {text("7")});
  feed(rows, {text("8")});
  EXPECT_EQ(rows.facts().rows(), 2);
  EXPECT_EQ(rows.facts().location(), (std::vector<std::pair<std::string, std::string>>{{"id", "7"}}));
}

}  // namespace
}  // namespace ballast::encode
