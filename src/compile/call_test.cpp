#include "compile/call.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compile/test_queries.hpp"

namespace ballast::compile {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using query::Call;
using query::CallArgument;
using query::ColumnOutput;

const catalog::Type integer = catalog::type_named("integer");

catalog::Function function_of(std::string name) {
  catalog::Function made;
  made.schema = "public";
  made.name = std::move(name);
  made.arguments.push_back({"a", integer});
  made.returns = integer;
  return made;
}

/// A function whose rows are albums.
catalog::Function albums_function() {
  catalog::Function made = function_of("top_albums");
  made.returns_set = true;
  made.returns_schema = "public";
  made.returns_relation = "albums";
  made.returns = {catalog::Kind::composite, "albums"};
  made.columns = music().relation("public", "albums")->columns;
  return made;
}

Call call_of(const catalog::Function& function, std::string value) {
  Call call;
  call.function = &function;
  call.read_only = true;
  call.arguments.push_back({"a", integer, false, {std::move(value), -1}});
  if (function.returns_rows()) {
    call.result = read("albums", {"id", "title"});
  } else {
    call.result.schema = "public";
    call.result.relation = function.name;
    call.result.outputs.emplace_back(ColumnOutput{"pgrst_scalar", {"pgrst_scalar", function.returns, {}, {}, {}}});
  }
  return call;
}

TEST(CompileCall, BindsArgumentsAsTheTypesTheFunctionTakes) {
  const catalog::Function add = function_of("add");
  const Plan plan = planned(call_of(add, "5"), sql::postgres());
  EXPECT_EQ(plan.statements.at(0).text,
            R"(SELECT t0."pgrst_scalar" FROM "public"."add"("a" := $1::integer) AS t0("pgrst_scalar"))");
  EXPECT_EQ(plan.statements.at(0).params, (std::vector<sql::Param>{std::string("5")}));
  EXPECT_TRUE(plan.shape.root.bare);
  EXPECT_FALSE(plan.statements.at(0).writes);
}

TEST(CompileCall, TakesAllArgumentsFromOneJsonPayload) {
  const catalog::Function add = function_of("add");
  Call call = call_of(add, "");
  call.read_only = false;
  call.payload = R"({"a":5})";
  const Plan plan = planned(call, sql::postgres());
  EXPECT_EQ(plan.statements.at(0).text,
            R"(SELECT t0."pgrst_scalar" FROM json_to_record($1::json) AS a("a" integer) CROSS JOIN LATERAL )"
            R"("public"."add"("a" := a."a") AS t0("pgrst_scalar"))");
  EXPECT_TRUE(plan.statements.at(0).writes);
}

TEST(CompileCall, ReadsRowsLikeARelation) {
  const catalog::Function top = albums_function();
  Call call = call_of(top, "5");
  call.result.outputs.emplace_back(embed("albums", "artists", read("artists", {"name"}), true));
  call.result.where = compare(column("albums", "id"), query::Op::gt, "1", 0);
  call.result.limit = 2;
  EXPECT_EQ(
      postgres_text(call),
      R"(SELECT t0."id", t0."title", t1."id" IS NOT NULL, t1."name" FROM "public"."top_albums"("a" := $1::integer))"
      R"( AS t0 LEFT JOIN "public"."artists" AS t1 ON t1."id" = t0."artist_id" WHERE t0."id" > $2 LIMIT $3)");
}

TEST(CompileCall, RunsTheFunctionOnceWhenItsRowsAreCounted) {
  const catalog::Function top = albums_function();
  Call call = call_of(top, "5");
  call.result.outputs.pop_back();
  call.result.count = query::Count::exact;
  call.result.limit = 2;
  EXPECT_EQ(postgres_text(call),
            R"(WITH called AS MATERIALIZED (SELECT t1.* FROM "public"."top_albums"("a" := $1::integer) AS t1) )"
            R"(SELECT p.c0, n.total, p.present FROM (SELECT count(*) AS total FROM called AS t0) AS n LEFT JOIN )"
            R"((SELECT t0."id" AS c0, 1 AS present FROM called AS t0 LIMIT $2) AS p ON TRUE)");
}

TEST(CompileCall, CallsAFunctionOfAnAnonymousRecordWhereAValueStands) {
  catalog::Function record = function_of("anything");
  record.returns = {catalog::Kind::composite, "record"};
  EXPECT_EQ(
      postgres_text(call_of(record, "1")),
      R"(SELECT to_json(t0."pgrst_scalar") FROM (SELECT "public"."anything"("a" := $1::integer) AS "pgrst_scalar") AS t0)");
}

TEST(CompileCall, PassesVariadicArgumentsAsAnArray) {
  const catalog::Function join = function_of("join");
  Call call = call_of(join, "");
  call.arguments = {{"v", catalog::type_named("text[]"), true, {R"({"a","b"})", -1}}};
  EXPECT_EQ(postgres_text(call),
            R"(SELECT t0."pgrst_scalar" FROM "public"."join"(VARIADIC "v" := $1::text[]) AS t0("pgrst_scalar"))");
}

TEST(CompileCall, PassesTheWholeBodyAsAnUnnamedArgument) {
  const catalog::Function store = function_of("store");
  Call call = call_of(store, "");
  call.arguments = {{"", catalog::type_named("bytea"), false, {std::string("\0\x01", 2), -1}}};
  const Plan plan = planned(call, sql::postgres());
  EXPECT_EQ(plan.statements.at(0).text,
            R"(SELECT t0."pgrst_scalar" FROM "public"."store"($1::bytea) AS t0("pgrst_scalar"))");
  EXPECT_EQ(plan.statements.at(0).params.at(0), sql::Param(sql::Blob{std::string("\0\x01", 2)}));
}

TEST(CompileCall, DoesNotCutCharactersThatHaveNoLength) {
  catalog::Function f = function_of("f");
  Call call = call_of(f, "xy");
  call.arguments.front().type = catalog::type_named("character");
  EXPECT_THAT(postgres_text(call), ::testing::HasSubstr("$1::bpchar"));
}

TEST(CompileCall, KnowsNoFunctionsOnSqlite) {
  const catalog::Function add = function_of("add");
  const auto plan = compile(call_of(add, "5"), music(), sql::sqlite());
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, "0A000");
}

TEST(CompileEstimate, AsksThePlannerWhatItExpectsOfAllRows) {
  query::Read albums = read("albums", {"id"});
  albums.where = compare(column("albums", "id"), query::Op::gt, "1", 0);
  albums.limit = 2;
  albums.count = query::Count::planned;
  const Plan plan = planned(albums, sql::postgres());
  EXPECT_EQ(plan.statements.at(0).text, R"(SELECT t0."id" FROM "public"."albums" AS t0 WHERE t0."id" > $1 LIMIT $2)");
  ASSERT_TRUE(plan.estimate);
  EXPECT_EQ(plan.estimate->text, R"(EXPLAIN (FORMAT JSON) SELECT 1 FROM "public"."albums" AS t0 WHERE t0."id" > $1)");
  EXPECT_EQ(plan.estimate->params, (std::vector<sql::Param>{std::string("1")}));
}

TEST(CompileEstimate, CountsNoFurtherThanWanted) {
  query::Read albums = read("albums", {"id"});
  albums.count = query::Count::estimated;
  albums.count_limit = 11;
  EXPECT_THAT(postgres_text(albums), ::testing::HasSubstr(R"((SELECT count(*) AS total FROM (SELECT 1 FROM )"
                                                          R"("public"."albums" AS t0 LIMIT $1) AS g) AS n)"));
}

TEST(CompileFold, GivesTheAggregateTheRowsThatTheOutputsMake) {
  query::Read albums = read("albums", {"id", "title"});
  albums.fold = query::Fold{"public", "as_lines", false, false};
  albums.limit = 2;
  albums.count = query::Count::exact;
  const Plan plan = planned(albums, sql::postgres());
  EXPECT_EQ(plan.statements.at(0).text,
            R"(SELECT "public"."as_lines"(r), count(*), (SELECT count(*) AS total FROM "public"."albums" AS t0) FROM )"
            R"((SELECT s.c0 AS "id", s.c1 AS "title" FROM (SELECT t0."id" AS c0, t0."title" AS c1 FROM )"
            R"("public"."albums" AS t0 LIMIT $1) AS s) AS r)");
  EXPECT_EQ(plan.shape.rows, 1);
  EXPECT_EQ(plan.shape.total, 2);
}

TEST(CompileFold, GivesTheAggregateOfARelationItsOwnRows) {
  query::Read albums = read("albums", {"id"});
  albums.fold = query::Fold{"public", "as_html", true, true};
  albums.order.push_back({"", column("albums", "id"), query::Direction::ascending, query::Nulls::unset});
  const Plan plan = planned(albums, sql::postgres());
  EXPECT_EQ(plan.statements.at(0).text, R"(SELECT "public"."as_html"(r::"public"."albums"), count(*) FROM )"
                                        R"((SELECT t0.* FROM "public"."albums" AS t0 ORDER BY t0."id") AS r)");
  EXPECT_EQ(std::get<encode::Field>(plan.shape.root.members.at(0)).kind, catalog::Kind::bytea);
}

TEST(CompileComputed, CallsTheFunctionOverTheRow) {
  query::Read albums = read("albums");
  query::ColumnPath path{"full_title", catalog::type_named("text"), {}, {}, "public"};
  albums.outputs.emplace_back(ColumnOutput{"full_title", path});
  albums.where = compare(path, query::Op::eq, "x", 0);
  albums.order.push_back({"", path, query::Direction::descending, query::Nulls::unset});
  EXPECT_EQ(postgres_text(albums),
            R"(SELECT "public"."full_title"(t0.*) FROM "public"."albums" AS t0 WHERE "public"."full_title"(t0.*) = $1)"
            R"( ORDER BY "public"."full_title"(t0.*) DESC)");
}

TEST(CompileComputed, CallsTheFunctionOverTheWrittenRow) {
  query::Delete remove;
  remove.schema = "public";
  remove.relation = "albums";
  remove.returning = read("albums");
  remove.returning->outputs.emplace_back(
      ColumnOutput{"full_title", {"full_title", catalog::type_named("text"), {}, {}, "public"}});
  EXPECT_THAT(postgres_text(remove), ::testing::HasSubstr(R"(RETURNING "public"."full_title"(t0.*))"));
}

query::EmbedOutput computed_embed(catalog::Cardinality cardinality) {
  query::EmbedOutput made;
  made.alias = "tracks";
  made.relationship.cardinality = cardinality;
  made.relationship.target_schema = "public";
  made.relationship.target = "tracks";
  made.relationship.function_schema = "public";
  made.relationship.function = "tracks_of";
  made.child = read("tracks", {"name"});
  return made;
}

TEST(CompileComputed, EmbedsTheRowsOfAFunction) {
  query::Read albums = read("albums", {"id"});
  albums.outputs.emplace_back(computed_embed(catalog::Cardinality::one_to_many));
  EXPECT_EQ(
      postgres_text(albums),
      R"(SELECT t0."id", (SELECT coalesce(json_agg(r.*), '[]') FROM (SELECT s.c0 AS "name" FROM (SELECT t1."name" )"
      R"(AS c0 FROM "public"."tracks_of"(t0.*) AS t1) AS s) AS r) FROM "public"."albums" AS t0)");
}

TEST(CompileComputed, JoinsTheOneRowOfAFunction) {
  query::Read albums = read("albums", {"id"});
  albums.outputs.emplace_back(computed_embed(catalog::Cardinality::many_to_one));
  albums.where = {query::EmbedExists{"tracks"}};
  EXPECT_EQ(postgres_text(albums),
            R"(SELECT t0."id", NOT (t1 IS NULL), t1."name" FROM "public"."albums" AS t0 LEFT JOIN LATERAL )"
            R"("public"."tracks_of"(t0.*) AS t1 ON NOT (t1 IS NULL) WHERE NOT (t1 IS NULL))");
}

TEST(CompileComputed, AsksWhetherAFunctionGivesAnyRow) {
  query::Read albums = read("albums", {"id"});
  auto tracks = computed_embed(catalog::Cardinality::one_to_many);
  tracks.join = query::Join::inner;
  tracks.hidden = true;
  albums.outputs.emplace_back(std::move(tracks));
  EXPECT_EQ(
      postgres_text(albums),
      R"(SELECT t0."id" FROM "public"."albums" AS t0 WHERE EXISTS (SELECT 1 FROM "public"."tracks_of"(t0.*) AS t1))");
}

}  // namespace
}  // namespace ballast::compile
