#include "compile/tree.hpp"

#include <gtest/gtest.h>

#include "compile/test_queries.hpp"

namespace ballast::compile {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

query::Read albums_with_tracks() {
  query::Read albums = read("albums", {"title"});
  albums.outputs.emplace_back(embed("albums", "tracks", read("tracks", {"name"})));
  return albums;
}

std::string text(query::Read read, const sql::Dialect& dialect) {
  return planned(query::Tree{{std::move(read)}, std::nullopt}, dialect).statements.at(0).text;
}

TEST(CompileTree, ReadsEachLevelOverTheRowsOfTheOneAbove) {
  EXPECT_EQ(
      text(albums_with_tracks(), sql::postgres()),
      R"(WITH l0 AS MATERIALIZED (SELECT row_number() OVER () AS n, s.* FROM )"
      R"((SELECT t0."title" AS c0, t0."id" AS k0 FROM "public"."albums" AS t0) AS s) )"
      R"(SELECT 0, s.n, NULL::bigint, s.c0, NULL::text, NULL::integer FROM l0 AS s UNION ALL )"
      R"(SELECT 1, NULL, s.p, NULL, s.c0, s.c1 FROM (SELECT t1.n AS p, t2."name" AS c0, t2."id" AS c1 FROM l0 AS t1 )"
      R"(CROSS JOIN "public"."tracks" AS t2 WHERE t2."album_id" = t1."k0") AS s)");
  EXPECT_EQ(planned(query::Tree{{albums_with_tracks()}, std::nullopt}, sql::postgres()).shape.levels[1].sorted_by, 5);
}

TEST(CompileTree, TakesAPagePerParentByALateralJoinOrOnSqliteByNumberingItsRows) {
  query::Read albums = read("albums", {"title"});
  query::Read tracks = read("tracks", {"name"});
  tracks.order.push_back({"", column("tracks", "id"), query::Direction::descending, query::Nulls::unset});
  tracks.limit = 2;
  albums.outputs.emplace_back(embed("albums", "tracks", std::move(tracks)));
  const std::string postgres = text(albums, sql::postgres());
  EXPECT_NE(postgres.find(R"(CROSS JOIN LATERAL (SELECT t2."name" AS c0 FROM "public"."tracks" AS t2 WHERE )"
                          R"(t2."album_id" = t1."k0" ORDER BY t2."id" DESC LIMIT $1) AS s)"),
            std::string::npos)
      << postgres;
  const std::string sqlite = text(albums, sql::sqlite());
  EXPECT_NE(sqlite.find(R"(row_number() OVER (PARTITION BY t1.n ORDER BY t2."id" DESC) AS r, t2."name" AS c0 FROM l0 )"
                        R"(AS t1 CROSS JOIN "tracks" AS t2 WHERE t2."album_id" = t1."k0") WHERE r > ?1 AND r <= ?2 )"
                        R"(ORDER BY p, r LIMIT -1)"),
            std::string::npos)
      << sqlite;
}

TEST(CompileTree, ReadsASmallRelationOnceForManyParents) {
  query::Read albums = read("albums", {"title"});
  query::Read tracks = read("tracks", {"id"});
  tracks.order.push_back({"", column("tracks", "id"), query::Direction::ascending, query::Nulls::unset});
  tracks.limit = 31;
  albums.outputs.emplace_back(embed("albums", "tracks", tracks));
  albums.limit = 100;
  const Plan many = planned(query::Tree{{albums}, std::nullopt}, sql::postgres());
  EXPECT_EQ(many.statements.at(0).text.find("LATERAL"), std::string::npos);
  EXPECT_EQ(many.shape.levels.at(1).limit, 31U);
  EXPECT_GE(many.shape.levels.at(1).sorted_by, 0);
  albums.limit = 3;
  const Plan few = planned(query::Tree{{albums}, std::nullopt}, sql::postgres());
  EXPECT_NE(few.statements.at(0).text.find("LATERAL"), std::string::npos);
  EXPECT_EQ(few.shape.levels.at(1).limit, std::nullopt);
}

TEST(CompileTree, OfOneLevelIsThePlainRead) {
  EXPECT_EQ(text(read("albums", {"title"}), sql::postgres()),
            R"(SELECT t0."title" AS c0 FROM "public"."albums" AS t0)");
  EXPECT_EQ(planned(query::Tree{{read("albums", {"title"})}, std::nullopt}).shape.levels.size(), 1U);
}

TEST(CompileTree, TellsTheEncoderWhichRowsFillWhichHole) {
  const Plan plan = planned(query::Tree{{albums_with_tracks()}, std::nullopt}, sql::postgres());
  ASSERT_EQ(plan.shape.levels.size(), 2U);
  EXPECT_EQ(plan.shape.levels[1].parent, 0);
  const auto& members = plan.shape.levels[0].faces.at(0).members;
  EXPECT_EQ(std::get<encode::Field>(members.at(0)).column, 3);
  EXPECT_EQ(std::get<encode::Hole>(members.at(1)).filling, 1);
  EXPECT_EQ(std::get<encode::Field>(plan.shape.levels[1].faces.at(0).members.at(0)).column, 4);
}

TEST(CompileTree, ReadsTotalsBesideThePage) {
  query::Read total = read("albums");
  total.outputs.emplace_back(query::AggregateOutput{"count", query::Aggregate::count, std::nullopt, std::nullopt});
  const Plan plan = planned(query::Tree{{read("albums", {"title"}), total}, std::nullopt}, sql::postgres());
  EXPECT_EQ(plan.statements.at(0).text,
            R"(SELECT 0, NULL::bigint, NULL::bigint, s.c0, NULL::bigint FROM (SELECT t0."title" AS c0 FROM )"
            R"("public"."albums" AS t0) AS s UNION ALL SELECT 1, NULL, NULL, NULL, s.c0 FROM )"
            R"((SELECT count(*) AS c0 FROM "public"."albums" AS t1) AS s)");
}

TEST(CompileTree, AnswersAWriteWithWhatHangsBelowItsRows) {
  query::Delete remove;
  remove.schema = "public";
  remove.relation = "albums";
  remove.returning = albums_with_tracks();
  remove.returning->as_tree = true;
  const Plan plan = planned(remove, sql::postgres());
  EXPECT_EQ(plan.shape.levels.size(), 2U);
  EXPECT_EQ(plan.statements.at(0).text.substr(0, 120),
            R"(WITH written AS (DELETE FROM "public"."albums" AS t0 RETURNING t0."title", t0."id"), )"
            R"(l0 AS MATERIALIZED (SELECT row_numb)");
}

}  // namespace
}  // namespace ballast::compile
