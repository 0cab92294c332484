#include "compile/version.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compile/test_queries.hpp"

namespace ballast::compile {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using query::Op;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

query::Update retitle() {
  query::Update update;
  update.schema = "public";
  update.relation = "artists";
  update.columns = {"name"};
  update.payload = R"({"name":"x"})";
  update.where = both({compare(column("artists", "id"), Op::eq, "1"), {query::In{query::row_version(), {{"v", -1}}}}});
  return update;
}

/// A catalog with the table "counters", whose column "version" is its version column.
const catalog::Snapshot& counted() {
  static const catalog::Snapshot snapshot = [] {
    std::vector<catalog::Relation> all{make_table(
        "counters",
        {make_column("id", "integer", false), make_column("n", "integer"), make_column("version", "bigint", false)},
        {"id"})};
    all.front().version_column = "version";
    return catalog::Snapshot(std::move(all), {"public"}, 1);
  }();
  return snapshot;
}

std::string counted_text(const query::Operation& operation, const sql::Dialect& dialect) {
  const auto plan = compile(operation, counted(), dialect);
  return plan ? plan->statements.at(0).text : plan.error().code;
}

query::Insert upsert() {
  query::Insert insert;
  insert.schema = "public";
  insert.relation = "counters";
  insert.columns = {"id", "n"};
  insert.payload = R"([{"id":1,"n":2}])";
  insert.on_conflict = query::OnConflict::merge;
  return insert;
}

TEST(CompileVersion, IsAConditionOfTheStatementThatWrites) {
  EXPECT_EQ(postgres_text(retitle()),
            R"(UPDATE "public"."artists" AS t0 SET "name" = v."name" FROM json_to_record($1) AS v("name" text) )"
            R"(WHERE (t0."id" = $2 AND md5(ROW(t0.xmin, t0.ctid, t0."id")::text) = ANY($3)))");
  EXPECT_EQ(sqlite_text(retitle()),
            R"(UPDATE "artists" SET "name" = ?1 WHERE ("artists"."id" = ?2 AND )"
            R"(ballast_row_version("artists"."id", "artists"."name") IN (SELECT value FROM json_each(?3))))");
}

TEST(CompileVersion, IsTheVersionColumnWhereOneIsDeclared) {
  query::Update update;
  update.schema = "public";
  update.relation = "counters";
  update.columns = {"n"};
  update.payload = R"({"n":1})";
  update.where = {query::In{query::row_version(), {{"7", -1}}}};
  EXPECT_EQ(counted_text(update, sql::postgres()),
            R"(UPDATE "public"."counters" AS t0 SET "n" = v."n", "version" = t0."version" + 1 )"
            R"(FROM json_to_record($1) AS v("n" integer) WHERE CAST(t0."version" AS TEXT) = ANY($2))");
  EXPECT_EQ(counted_text(update, sql::sqlite()),
            R"(UPDATE "counters" SET "n" = ?1, "version" = "counters"."version" + 1 )"
            R"(WHERE CAST("counters"."version" AS TEXT) IN (SELECT value FROM json_each(?2)))");
}

TEST(CompileVersion, CountsWhatAnUpsertUpdates) {
  EXPECT_EQ(counted_text(upsert(), sql::sqlite()),
            R"(INSERT INTO "counters" ("id", "n") VALUES (?1, ?2) ON CONFLICT ("id") DO UPDATE SET )"
            R"("id" = excluded."id", "n" = excluded."n", "version" = "counters"."version" + 1)");
  EXPECT_THAT(counted_text(upsert(), sql::postgres()), HasSubstr(R"(, "version" = t0."version" + 1 WHERE set_config)"));
}

TEST(CompileVersion, IsNotTheClientsToSet) {
  query::Insert insert = upsert();
  insert.columns.emplace_back("version");
  query::Update update;
  update.schema = "public";
  update.relation = "counters";
  update.columns = {"version"};
  update.payload = R"({"version":1})";
  for (const auto* dialect : {&sql::sqlite(), &sql::postgres()}) {
    EXPECT_EQ(counted_text(insert, *dialect), "BLST420");
    EXPECT_EQ(counted_text(update, *dialect), "BLST420");
    update.row_key = {"id"};
    EXPECT_EQ(counted_text(update, *dialect), "BLST420");
  }
}

TEST(CompileVersion, ComesBesideTheOutputs) {
  query::Read artist = read("artists", {"name"});
  artist.versioned = true;
  const auto plan = planned(artist, sql::postgres());
  EXPECT_EQ(plan.statements.front().text,
            R"(SELECT t0."name", md5(ROW(t0.xmin, t0.ctid, t0."id")::text) FROM "public"."artists" AS t0)");
  EXPECT_EQ(plan.shape.version, 1);
  EXPECT_EQ(plan.shape.root.members.size(), 1U);
}

TEST(CompileVersion, IsTakenFromTheRowThatWasWritten) {
  query::Update update = retitle();
  update.returning = read("artists", {"id"});
  update.returning->versioned = true;
  EXPECT_THAT(postgres_text(update), HasSubstr(R"( RETURNING t0."id", md5(ROW(t0.xmin, t0.ctid, t0."id")::text))"));
  update.returning->order.push_back({"", column("artists", "name"), {}, {}});
  EXPECT_THAT(postgres_text(update),
              HasSubstr(R"(md5(ROW(t0.xmin, t0.ctid, t0."id")::text) AS "$version") SELECT t1."id", )"
                        R"(t1."$version" FROM written AS t1)"));
}

TEST(CompileVersion, IsThatOfTheTreesFirstLevel) {
  query::Read artist = read("artists", {"id"});
  artist.outputs.emplace_back(embed("artists", "albums", read("albums", {"id"})));
  artist.as_tree = true;
  artist.versioned = true;
  const auto plan = planned(artist, sql::postgres());
  EXPECT_EQ(plan.shape.version, 4) << "three cells tell a row's place, and the first is its id";
}

TEST(CompileVersion, IsAHashOfTheRowWhereThereIsNoKey) {
  std::vector<catalog::Relation> all{make_table("logs", {make_column("line", "text")}, {})};
  const catalog::Snapshot snapshot(std::move(all), {"public"}, 1);
  query::Read logs;
  logs.schema = "public";
  logs.relation = "logs";
  logs.versioned = true;
  EXPECT_EQ(compile(logs, snapshot, sql::postgres())->statements.front().text,
            R"(SELECT md5((t0.*)::text) FROM "public"."logs" AS t0)");
}

TEST(CompileVersion, HashesWideTablesInParts) {
  std::vector<catalog::Column> columns;
  for (int i = 0; i < 150; ++i) columns.push_back(make_column("c" + std::to_string(i), "integer"));
  std::vector<catalog::Relation> all{make_table("wide", std::move(columns), {"c0"})};
  const catalog::Snapshot snapshot(std::move(all), {"public"}, 1);
  query::Read wide;
  wide.schema = "public";
  wide.relation = "wide";
  wide.versioned = true;
  EXPECT_THAT(compile(wide, snapshot, sql::sqlite())->statements.front().text,
              AllOf(StartsWith(R"(SELECT ballast_row_version(ballast_row_version(t0."c0", )"),
                    HasSubstr(R"(t0."c99"), t0."c100", )"), HasSubstr(R"(t0."c149") FROM)")));
}

TEST(CompileVersion, UpdatesManyRowsEachInItsOwn) {
  query::Update update;
  update.schema = "public";
  update.relation = "artists";
  update.columns = {"id", "name"};
  update.row_key = {"id"};
  update.payload = R"([{"id":1,"name":"x","$version":"a"},{"id":2,"name":"y","$version":7}])";
  EXPECT_EQ(postgres_text(update),
            R"(UPDATE "public"."artists" AS t0 SET "name" = v."name" FROM json_to_recordset($1) AS )"
            R"(v("id" integer, "name" text, "$version" text) WHERE t0."id" = v."id" AND )"
            R"(md5(ROW(t0.xmin, t0.ctid, t0."id")::text) = v."$version")");
  const auto plan = planned(update, sql::sqlite());
  ASSERT_EQ(plan.statements.size(), 2U);
  EXPECT_EQ(plan.statements[1].text, R"(UPDATE "artists" SET "name" = ?1 WHERE "artists"."id" = ?2 AND )"
                                     R"(ballast_row_version("artists"."id", "artists"."name") = ?3)");
  EXPECT_EQ(plan.statements[1].params, (std::vector<sql::Param>{std::string("y"), std::int64_t{2}, std::string("7")}));
}

}  // namespace
}  // namespace ballast::compile
