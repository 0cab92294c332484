#include "encode/tree_rows.hpp"

#include <gtest/gtest.h>

#include "encode/tree_body.hpp"

namespace ballast::encode {
namespace {

Field field(std::string key, int column, catalog::Kind kind) {
  Field made;
  made.key = std::move(key);
  made.column = column;
  made.kind = kind;
  made.canonical = true;
  return made;
}

/// Albums (cells 3, 4) with their tracks (cell 5), and what a connection says of them.
Shape albums() {
  Shape shape;
  shape.levels.resize(2);
  shape.levels[0].faces.emplace_back();
  shape.levels[0].faces[0].members = {field("id", 3, catalog::Kind::integer), Hole{"tracks", 1},
                                      field("title", 4, catalog::Kind::text)};
  shape.levels[1].parent = 0;
  shape.levels[1].faces.resize(2);
  shape.levels[1].faces[0].members = {field("name", 5, catalog::Kind::text)};
  shape.levels[1].faces[1].bare = true;
  shape.levels[1].faces[1].members = {Cursor{"cursor", "", {field("", 5, catalog::Kind::text)}}};
  shape.fillings = {{"[", List{0, 0, false, std::nullopt}, "]"}, {"[", List{1, 0, false, std::nullopt}, "]"}};
  return shape;
}

std::vector<sql::Cell> cells(std::vector<const char*> texts) {
  std::vector<sql::Cell> made;
  for (const char* text : texts) {
    made.push_back(text == nullptr ? sql::Cell{} : sql::Cell{sql::Cell::Kind::text, 0, 0, text});
  }
  return made;
}

const std::vector<std::vector<const char*>> rows = {
    {"0", "1", nullptr, "7", "first", nullptr}, {"0", "2", nullptr, "8", "empty", nullptr},
    {"0", "3", nullptr, "9", nullptr, nullptr}, {"1", nullptr, "3", nullptr, nullptr, "c"},
    {"1", nullptr, "1", nullptr, nullptr, "a"}, {"1", nullptr, "1", nullptr, nullptr, "b"},
};

std::string written(const Shape& shape) {
  const TreeWriter writer(shape);
  TreeRows tree(shape, writer, 1 << 20);
  for (int round = 0; round < 2; ++round) {
    tree.restart();
    for (const auto& row : rows) EXPECT_TRUE(tree.row(cells(row)).ok());
  }
  std::string out;
  tree.write(out);
  return out;
}

TEST(TreeRows, HangEachRowUnderItsParentInTheOrderTheyCame) {
  EXPECT_EQ(written(albums()),
            R"([{"id":7,"tracks":[{"name":"a"},{"name":"b"}],"title":"first"},)"
            R"({"id":8,"tracks":[],"title":"empty"},{"id":9,"tracks":[{"name":"c"}],"title":null}])");
}

TEST(TreeRows, SortByAnIntegerWhereTheyCameInNoOrder) {
  Shape shape = albums();
  shape.levels[1].sorted_by = 6;
  const TreeWriter writer(shape);
  TreeRows tree(shape, writer, 1 << 20);
  const std::vector<std::vector<const char*>> unsorted = {
      {"0", "1", nullptr, "7", "x", nullptr, nullptr},
      {"1", nullptr, "1", nullptr, nullptr, "c", "30"},
      {"1", nullptr, "1", nullptr, nullptr, "a", "-1"},
      {"1", nullptr, "1", nullptr, nullptr, "b", "4"},
  };
  for (const auto& row : unsorted) ASSERT_TRUE(tree.row(cells(row)).ok());
  std::string out;
  tree.write(out);
  EXPECT_EQ(out, R"([{"id":7,"tracks":[{"name":"a"},{"name":"b"},{"name":"c"}],"title":"x"}])");
}

TEST(TreeRows, TakeAPageOutOfAllRows) {
  Shape shape = albums();
  shape.levels[1].limit = 1;
  EXPECT_EQ(written(shape), R"([{"id":7,"tracks":[{"name":"a"}],"title":"first"},{"id":8,"tracks":[],"title":"empty"},)"
                            R"({"id":9,"tracks":[{"name":"c"}],"title":null}])");
}

TEST(TreeRows, ShowAPageBackwardsAndSayWhetherThereIsMore) {
  Shape shape = albums();
  shape.fillings[1] = {
      "{\"more\":", More{1, 1}, ",\"names\":[", List{1, 0, true, 1}, "],\"end\":", Single{1, 1, true, std::nullopt},
      "}"};
  EXPECT_EQ(written(shape),
            R"([{"id":7,"tracks":{"more":true,"names":[{"name":"a"}],"end":"WyJiIl0="},"title":"first"},)"
            R"({"id":8,"tracks":{"more":false,"names":[],"end":null},"title":"empty"},)"
            R"({"id":9,"tracks":{"more":false,"names":[{"name":"c"}],"end":"WyJjIl0="},"title":null}])");
}

TEST(TreeRows, LeaveOutWhatBelongsToANestedObjectThatIsNull) {
  Shape shape = albums();
  Nested nested;
  nested.key = "album";
  nested.present = 4;
  nested.object->members = {Hole{"tracks", 1}};
  shape.levels[0].faces[0].members = {Member(nested)};
  shape.fillings[1] = {"0"};
  const TreeWriter writer(shape);
  TreeRows tree(shape, writer, 1 << 20);
  ASSERT_TRUE(tree.row(cells({"0", "1", nullptr, "7", "t", nullptr})).ok());
  ASSERT_TRUE(tree.row(cells({"0", "2", nullptr, "8", "f", nullptr})).ok());
  std::string out;
  tree.write(out);
  EXPECT_EQ(out, R"([{"album":{"tracks":0}},{"album":null}])");
}

TEST(TreeRows, RefuseAnAnswerBeyondTheirLimit) {
  const Shape shape = albums();
  const TreeWriter writer(shape);
  TreeRows tree(shape, writer, 10);
  const auto refused = tree.row(cells(rows[0]));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, tree_too_large);
}

TEST(TreeBody, CountsTheRowsOfItsFirstLevelAndShowsOneAlone) {
  const Shape shape = albums();
  const TreeWriter writer(shape);
  TreeBody body(shape, writer, true, 1 << 20, {});
  for (const auto& row : rows) ASSERT_TRUE(body.row(cells(row)).ok());
  ASSERT_TRUE(body.finish().ok());
  EXPECT_EQ(body.facts().rows(), 3);
  EXPECT_EQ(body.take_body().take_memory(), R"({"id":7,"tracks":[{"name":"a"},{"name":"b"}],"title":"first"})");
}

TEST(TreeRows, OfOneLevelHaveNoPlaceCells) {
  Shape shape;
  shape.levels.resize(1);
  shape.levels[0].faces.emplace_back();
  shape.levels[0].faces[0].members = {field("id", 0, catalog::Kind::integer)};
  shape.fillings = {{List{0, 0, false, std::nullopt}}};
  const TreeWriter writer(shape);
  TreeRows tree(shape, writer, 1 << 20);
  ASSERT_TRUE(tree.row(cells({"1"})).ok());
  ASSERT_TRUE(tree.row(cells({"2"})).ok());
  std::string out;
  tree.write(out);
  EXPECT_EQ(out, R"({"id":1},{"id":2})");
}

}  // namespace
}  // namespace ballast::encode
