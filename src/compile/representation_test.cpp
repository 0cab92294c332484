#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compile/test_queries.hpp"

namespace ballast::compile {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

/// One table whose column is of a domain with casts of its own.
const catalog::Snapshot& painted() {
  static const catalog::Snapshot snapshot = [] {
    auto table = make_table("todos", {make_column("id", "integer", false), make_column("color", "integer")}, {"id"});
    auto own = std::make_shared<catalog::Representation>();
    own->to_json = {"public", "json"};
    own->from_json = {"public", "color"};
    own->from_text = {"public", "color"};
    table.columns[1].type.representation = own;
    table.columns[1].type.name = "public.color";
    std::vector<catalog::Relation> all;
    all.push_back(std::move(table));
    return catalog::Snapshot(std::move(all), {"public"}, 1);
  }();
  return snapshot;
}

query::ColumnPath color() {
  return {"color", painted().relation("public", "todos")->column("color")->type, {}, {}, {}};
}

query::Read todos() {
  query::Read read;
  read.schema = "public";
  read.relation = "todos";
  read.outputs.emplace_back(query::ColumnOutput{"color", color()});
  return read;
}

std::string text_of(const query::Operation& operation) {
  auto plan = compile(operation, painted(), sql::postgres());
  return plan ? plan->statements.front().text : plan.error().message;
}

TEST(CompileRepresentation, ShowsValuesAsTheirTypeDoes) {
  EXPECT_EQ(text_of(todos()), R"(SELECT "public"."json"(t0."color") FROM "public"."todos" AS t0)");
}

TEST(CompileRepresentation, ReadsTheValuesOfFilters) {
  query::Read read = todos();
  read.where = compare(color(), query::Op::eq, "#fff", 0);
  EXPECT_THAT(text_of(read), ::testing::HasSubstr(R"(WHERE t0."color" = "public"."color"($1::text))"));
  read.where = {query::In{color(), {{"#fff", -1}, {"#000", -1}}}};
  EXPECT_THAT(text_of(read), ::testing::HasSubstr(R"(t0."color" = ANY(ARRAY(SELECT "public"."color"(e) FROM )"
                                                  R"(unnest($1::text[]) AS e)))"));
}

TEST(CompileRepresentation, LeavesPatternsAlone) {
  query::Read read = todos();
  read.where = compare(color(), query::Op::like, "#f%", 0);
  EXPECT_THAT(text_of(read), ::testing::HasSubstr(R"(t0."color" LIKE $1)"));
}

TEST(CompileRepresentation, ReadsTheValuesOfAPayload) {
  query::Insert insert;
  insert.schema = "public";
  insert.relation = "todos";
  insert.columns = {"id", "color"};
  insert.payload = R"([{"id":1,"color":"#fff"}])";
  EXPECT_THAT(text_of(insert), ::testing::HasSubstr(R"(SELECT v."id", "public"."color"(v."color") FROM )"
                                                    R"(json_to_recordset($1) AS v("id" integer, "color" json))"));
  query::Update update;
  update.schema = "public";
  update.relation = "todos";
  update.columns = {"color"};
  update.payload = R"({"color":"#fff"})";
  EXPECT_THAT(text_of(update), ::testing::HasSubstr(R"(SET "color" = "public"."color"(v."color") FROM )"));
}

}  // namespace
}  // namespace ballast::compile
