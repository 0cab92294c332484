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

/// Albums with their tracks, one row per track.
Shape grouped_shape() {
  const auto field = [](std::string key, int column, catalog::Kind kind) {
    return Field{std::move(key), column, kind, -1, true, std::nullopt};
  };
  Shape shape;
  shape.root.members = {field("id", 0, catalog::Kind::integer), field("title", 1, catalog::Kind::text)};
  shape.grouping.emplace();
  shape.grouping->keys = {0};
  shape.grouping->present = 2;
  shape.grouping->at = 1;
  shape.grouping->key = "tracks";
  shape.grouping->element.members = {field("id", 2, catalog::Kind::integer), field("ms", 3, catalog::Kind::integer)};
  return shape;
}

sql::Cell text_cell(const char* text) {
  return text == nullptr ? sql::Cell{} : sql::Cell{sql::Cell::Kind::text, 0, 0, text};
}

std::string grouped(const Shape& shape, JsonRowsOptions options, std::vector<std::array<const char*, 4>> rows) {
  JsonRows sink(shape, options);
  for (int round = 0; round < 2; ++round) {
    sink.restart();
    for (const auto& row : rows) {
      const std::vector<sql::Cell> cells = {text_cell(row[0]), text_cell(row[1]), text_cell(row[2]), text_cell(row[3])};
      EXPECT_TRUE(sink.row(cells).ok());
    }
  }
  EXPECT_TRUE(sink.finish().ok());
  return std::to_string(sink.facts().rows()) + sink.take_body().take_memory();
}

TEST(GroupedRows, BecomeOneObjectWithAList) {
  const std::vector<std::array<const char*, 4>> rows = {
      {"1", "a", "10", "5"}, {"1", "a", "11", nullptr}, {"2", nullptr, nullptr, nullptr}, {"3", "c", "12", "6"}};
  Shape shape = grouped_shape();
  EXPECT_EQ(grouped(shape, {}, rows),
            R"(3[{"id":1,"tracks":[{"id":10,"ms":5},{"id":11,"ms":null}],"title":"a"},)"
            R"({"id":2,"tracks":[],"title":null},{"id":3,"tracks":[{"id":12,"ms":6}],"title":"c"}])");
  EXPECT_EQ(grouped(shape, {false, true}, rows),
            R"(3[{"id":1,"tracks":[{"id":10,"ms":5},{"id":11}],"title":"a"},)"
            R"({"id":2,"tracks":[]},{"id":3,"tracks":[{"id":12,"ms":6}],"title":"c"}])");
  EXPECT_EQ(grouped(shape, {true, false}, rows),
            R"(3{"id":1,"tracks":[{"id":10,"ms":5},{"id":11,"ms":null}],"title":"a"})");
  EXPECT_EQ(grouped(shape, {}, {}), "0[]");
  shape.grouping->at = 0;
  EXPECT_EQ(grouped(shape, {}, {rows[0]}), R"(1[{"tracks":[{"id":10,"ms":5}],"id":1,"title":"a"}])");
  shape.grouping->at = 2;
  EXPECT_EQ(grouped(shape, {}, {rows[0]}), R"(1[{"id":1,"title":"a","tracks":[{"id":10,"ms":5}]}])");
  shape.root.members.clear();
  shape.grouping->at = 0;
  EXPECT_EQ(grouped(shape, {}, {rows[0], rows[1]}), R"(1[{"tracks":[{"id":10,"ms":5},{"id":11,"ms":null}]}])");
}

TEST(GroupedRows, AreCountedAsTheAnswersRows) {
  const Shape shape = grouped_shape();
  CountRows sink(shape);
  for (const char* id : {"1", "1", "2", "2", "2"}) {
    const std::vector<sql::Cell> cells = {text_cell(id), {}, {}, {}};
    EXPECT_TRUE(sink.row(cells).ok());
  }
  EXPECT_EQ(sink.facts().rows(), 2);
}

}  // namespace
}  // namespace ballast::encode
