#include "compile/compile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compile/test_queries.hpp"

namespace ballast::compile {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using query::Aggregate;
using query::AggregateOutput;
using query::ColumnOutput;
using query::Direction;
using query::EmbedExists;
using query::EmbedOutput;
using query::FullText;
using query::FullTextMode;
using query::In;
using query::Is;
using query::IsTest;
using query::Join;
using query::Nulls;
using query::Op;
using query::Predicate;
using query::Quantifier;

/// The condition after WHERE of a read of albums.
std::string where(Predicate predicate, const sql::Dialect& dialect) {
  query::Read albums = read("albums", {"id"});
  albums.where = std::move(predicate);
  const auto plan = compile(albums, music(), dialect);
  if (!plan) return plan.error().code + " " + plan.error().message;
  const std::string& text = plan->statements.at(0).text;
  const std::size_t at = text.find(" WHERE ");
  return at == std::string::npos ? "" : text.substr(at + 7);
}
std::string sqlite_where(Predicate predicate) { return where(std::move(predicate), sql::sqlite()); }
std::string postgres_where(Predicate predicate) { return where(std::move(predicate), sql::postgres()); }

query::ColumnPath data(std::vector<query::JsonStep> path) {
  query::ColumnPath made = column("albums", "data");
  made.path = std::move(path);
  return made;
}

TEST(CompileRead, SelectsColumnsAndBindsEveryValue) {
  query::Read albums = read("albums", {"id", "title"});
  albums.where = compare(column("albums", "id"), Op::eq, "1", 0);
  albums.limit = 10;
  albums.offset = 20;
  EXPECT_EQ(sqlite_text(albums),
            R"(SELECT t0."id", t0."title" FROM "albums" AS t0 WHERE t0."id" = ?1 LIMIT ?2 OFFSET ?3)");
  EXPECT_EQ(postgres_text(albums),
            R"(SELECT t0."id", t0."title" FROM "public"."albums" AS t0 WHERE t0."id" = $1 LIMIT $2 OFFSET $3)");
  const Plan plan = planned(albums);
  EXPECT_EQ(plan.statements[0].params, (std::vector<sql::Param>{std::int64_t{1}, std::int64_t{10}, std::int64_t{20}}));
  EXPECT_TRUE(plan.returns_rows);
  EXPECT_FALSE(plan.writes);
}

TEST(CompileRead, SaysWhereNumberedValuesAreBound) {
  query::Read albums = read("albums", {"id"});
  albums.where =
      both({compare(column("albums", "title"), Op::like, "a%", 0), compare(column("albums", "id"), Op::gt, "1", 1)});
  const Plan plan = planned(albums);
  ASSERT_EQ(plan.slots.size(), 2U);
  EXPECT_EQ(plan.slots[1].param, 1U);
  EXPECT_EQ(plan.slots[1].slot, 1);
  const auto again = bind_value(plan.slots[1].op, plan.slots[1].type, "7", sql::sqlite());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again, sql::Param(std::int64_t{7}));
}

TEST(CompileRead, HasTheSameTextWhateverTheValues) {
  const auto text = [](std::string id, std::vector<query::Value> values) {
    query::Read albums = read("albums", {"id"});
    albums.where = both({compare(column("albums", "id"), Op::eq, std::move(id)),
                         Predicate{In{column("albums", "title"), std::move(values)}}});
    return sqlite_text(albums);
  };
  EXPECT_EQ(text("1", {}), text("99", {{"a", -1}, {"b", -1}}));
}

TEST(CompileRead, JoinsToOneEmbedsAndAggregatesToManyOnes) {
  query::Read albums = read("albums", {"id"});
  albums.outputs.emplace_back(embed("albums", "artists", read("artists", {"name"}), true));
  albums.outputs.emplace_back(embed("albums", "tracks", read("tracks", {"id", "name"})));
  EXPECT_EQ(sqlite_text(albums),
            R"(SELECT t0."id", t1."id" IS NOT NULL, t1."name", )"
            R"((SELECT ballast_array('{f2:id0,1,-1;f4:name1,4,-1;}', t2."id", t2."name") FROM "tracks" AS t2 )"
            R"(WHERE t2."album_id" = t0."id") )"
            R"(FROM "albums" AS t0 LEFT JOIN "artists" AS t1 ON t1."id" = t0."artist_id")");
  EXPECT_EQ(postgres_text(albums),
            R"(SELECT t0."id", t1."id" IS NOT NULL, t1."name", )"
            R"((SELECT coalesce(json_agg(r.*), '[]') FROM (SELECT s.c0 AS "id", s.c1 AS "name" FROM )"
            R"((SELECT t2."id" AS c0, t2."name" AS c1 FROM "public"."tracks" AS t2 WHERE t2."album_id" = t0."id") )"
            R"(AS s) AS r) )"
            R"(FROM "public"."albums" AS t0 LEFT JOIN "public"."artists" AS t1 ON t1."id" = t0."artist_id")");
  const auto& members = planned(albums).shape.root.members;
  ASSERT_EQ(members.size(), 3U);
  EXPECT_EQ(std::get<encode::Nested>(members[1]).present, 1);
  EXPECT_EQ(std::get<encode::Verbatim>(members[2]).column, 3);
}

TEST(CompileRead, KeepsOrderAndPageOfChildrenInASubquery) {
  query::Read tracks = read("tracks", {"id"});
  tracks.order = {{"", column("tracks", "name"), Direction::ascending, Nulls::unset}};
  tracks.limit = 3;
  query::Read albums = read("albums", {"id"});
  albums.outputs.emplace_back(embed("albums", "tracks", tracks));
  EXPECT_EQ(sqlite_text(albums),
            R"(SELECT t0."id", (SELECT ballast_array('{f2:id0,1,-1;}', c0) FROM (SELECT t1."id" AS c0 )"
            R"(FROM "tracks" AS t1 WHERE t1."album_id" = t0."id" ORDER BY t1."name" NULLS LAST LIMIT ?1)) )"
            R"(FROM "albums" AS t0)");
}

TEST(CompileRead, GoesThroughTheJunctionOfAManyToMany) {
  query::Read playlists = read("playlists", {"id"});
  playlists.outputs.emplace_back(embed("playlists", "tracks", read("tracks", {"id"})));
  EXPECT_EQ(sqlite_text(playlists),
            R"(SELECT t0."id", (SELECT ballast_array('{f2:id0,1,-1;}', t1."id") FROM "tracks" AS t1 )"
            R"(JOIN "playlist_tracks" AS t2 ON t2."track_id" = t1."id" WHERE t2."playlist_id" = t0."id") )"
            R"(FROM "playlists" AS t0)");
}

TEST(CompileRead, TellsTheTwoSidesOfASelfReferenceApart) {
  query::Read employees = read("employees", {"name"});
  EmbedOutput boss = embed("employees", "employees", read("employees", {"name"}), true);
  boss.alias = "boss";
  employees.outputs.emplace_back(boss);
  employees.outputs.emplace_back(embed("employees", "employees", read("employees", {"name"})));
  EXPECT_EQ(sqlite_text(employees), R"(SELECT t0."name", t1."id" IS NOT NULL, t1."name", )"
                                    R"((SELECT ballast_array('{f4:name0,4,-1;}', t2."name") FROM "employees" AS t2 )"
                                    R"(WHERE t2."boss_id" = t0."id") FROM "employees" AS t0 )"
                                    R"(LEFT JOIN "employees" AS t1 ON t1."id" = t0."boss_id")");
}

TEST(CompileRead, LeavesOutParentsOfInnerEmbedsWithoutRows) {
  query::Read albums = read("albums", {"id"});
  EmbedOutput artists = embed("albums", "artists", read("artists", {"name"}), true);
  artists.join = Join::inner;
  artists.child->where = compare(column("artists", "name"), Op::eq, "x");
  albums.outputs.emplace_back(artists);
  EmbedOutput tracks = embed("albums", "tracks", read("tracks"));
  tracks.join = Join::inner;
  tracks.hidden = true;
  albums.outputs.emplace_back(tracks);
  EXPECT_EQ(sqlite_text(albums), R"(SELECT t0."id", t1."name" FROM "albums" AS t0 )"
                                 R"(JOIN "artists" AS t1 ON t1."id" = t0."artist_id" AND t1."name" = ?1 )"
                                 R"(WHERE EXISTS (SELECT 1 FROM "tracks" AS t2 WHERE t2."album_id" = t0."id"))");
}

TEST(CompileRead, LetsAnInnerEmbedBelowALeftOneEmptyThatOneAlone) {
  query::Read albums = read("albums", {"title"});
  EmbedOutput artists = embed("albums", "artists", read("artists", {"name"}), true);
  artists.join = Join::inner;
  albums.outputs.emplace_back(artists);
  query::Read tracks = read("tracks", {"id"});
  tracks.outputs.emplace_back(embed("tracks", "albums", albums, true));
  EXPECT_EQ(sqlite_text(tracks),
            R"(SELECT t0."id", t1."id" IS NOT NULL, t1."title", t3."id" IS NOT NULL, t3."name" FROM "tracks" AS t0 )"
            R"(LEFT JOIN "albums" AS t1 ON t1."id" = t0."album_id" AND )"
            R"(EXISTS (SELECT 1 FROM "artists" AS t2 WHERE t2."id" = t1."artist_id") )"
            R"(LEFT JOIN "artists" AS t3 ON t3."id" = t1."artist_id")");
}

TEST(CompileRead, FiltersByTheExistenceOfEmbeds) {
  query::Read albums = read("albums", {"id"});
  albums.outputs.emplace_back(embed("albums", "artists", read("artists", {"name"}), true));
  EmbedOutput tracks = embed("albums", "tracks", read("tracks"));
  tracks.hidden = true;
  albums.outputs.emplace_back(tracks);
  albums.where = {
      query::Or{{Predicate{query::Not{Predicate{EmbedExists{"artists"}}}}, Predicate{EmbedExists{"tracks"}}}}};
  EXPECT_EQ(sqlite_text(albums), R"(SELECT t0."id", t1."id" IS NOT NULL, t1."name" FROM "albums" AS t0 )"
                                 R"(LEFT JOIN "artists" AS t1 ON t1."id" = t0."artist_id" )"
                                 R"(WHERE (NOT (t1."id" IS NOT NULL) OR )"
                                 R"(EXISTS (SELECT 1 FROM "tracks" AS t2 WHERE t2."album_id" = t0."id")))");
}

TEST(CompileRead, LiftsTheMembersOfSpreads) {
  query::Read albums = read("albums", {"id"});
  EmbedOutput artists = embed("albums", "artists", read("artists", {"name"}), true);
  artists.spread = true;
  EmbedOutput tracks = embed("albums", "tracks", read("tracks", {"ms"}));
  tracks.spread = true;
  albums.outputs.emplace_back(artists);
  albums.outputs.emplace_back(tracks);
  EXPECT_EQ(sqlite_text(albums),
            R"(SELECT t0."id", t1."name", (SELECT ballast_array('[f2:ms0,1,-1;}', t2."ms") FROM "tracks" AS t2 )"
            R"(WHERE t2."album_id" = t0."id") )"
            R"(FROM "albums" AS t0 LEFT JOIN "artists" AS t1 ON t1."id" = t0."artist_id")");
  const auto& members = planned(albums).shape.root.members;
  ASSERT_EQ(members.size(), 3U);
  EXPECT_EQ(std::get<encode::Field>(members[1]).key, "name");
  EXPECT_EQ(std::get<encode::Verbatim>(members[2]).key, "ms");
}

TEST(CompileRead, GroupsAggregatesByEverythingElse) {
  query::Read albums = read("albums", {"artist_id"});
  albums.outputs.emplace_back(AggregateOutput{"sum", Aggregate::sum, column("albums", "price"), {}});
  albums.outputs.emplace_back(AggregateOutput{"count", Aggregate::count, {}, catalog::type_named("text")});
  albums.outputs.emplace_back(ColumnOutput{"live", column("albums", "live")});
  EXPECT_EQ(sqlite_text(albums), R"(SELECT t0."artist_id", sum(t0."price"), CAST(count(*) AS TEXT), t0."live" )"
                                 R"(FROM "albums" AS t0 GROUP BY 1, 4)");
  EXPECT_EQ(postgres_text(albums), R"(SELECT t0."artist_id", sum(t0."price"), (count(*))::text, t0."live" )"
                                   R"(FROM "public"."albums" AS t0 GROUP BY 1, 4)");
}

TEST(CompileRead, CountsInTheSameStatementAndKeepsTheOrderOutside) {
  query::Read albums = read("albums", {"id"});
  albums.order = {{"", column("albums", "artist_id"), Direction::descending, Nulls::unset}};
  albums.limit = 5;
  albums.count = query::Count::exact;
  EXPECT_EQ(sqlite_text(albums),
            R"(SELECT p.c0, n.total, p.present FROM (SELECT count(*) AS total FROM "albums" AS t0) AS n )"
            R"(LEFT JOIN (SELECT t0."id" AS c0, 1 AS present, t0."artist_id" AS o0 FROM "albums" AS t0 )"
            R"(ORDER BY t0."artist_id" DESC NULLS FIRST LIMIT ?1) AS p ON TRUE ORDER BY p.o0 DESC NULLS FIRST)");
  const Plan plan = planned(albums);
  EXPECT_EQ(plan.shape.total, 1);
  EXPECT_EQ(plan.shape.row_present, 2);
}

TEST(CompileRead, TakesTheEstimateForAPlannedCountOfEverything) {
  query::Read albums = read("albums", {"id"});
  albums.count = query::Count::planned;
  EXPECT_EQ(sqlite_text(albums), R"(SELECT p.c0, n.total, p.present FROM (SELECT CAST(?1 AS INTEGER) AS total) AS n )"
                                 R"(LEFT JOIN (SELECT t0."id" AS c0, 1 AS present FROM "albums" AS t0) AS p ON TRUE)");
  albums.where = compare(column("albums", "id"), Op::gt, "1");
  EXPECT_NE(sqlite_text(albums).find("count(*)"), std::string::npos);
}

TEST(CompileRead, LocksRowsInTheOrderOfTheirKey) {
  query::Read albums = read("albums", {"title"});
  albums.lock = query::Lock{};
  EXPECT_EQ(postgres_text(albums),
            R"(SELECT t0."title" FROM "public"."albums" AS t0 ORDER BY t0."id" FOR UPDATE OF t0)");
  EXPECT_EQ(sqlite_text(albums), R"(SELECT t0."title" FROM "albums" AS t0 ORDER BY t0."id")");
  albums.lock = query::Lock{query::Lock::Strength::share, query::Lock::Wait::skip};
  albums.order = {{"", column("albums", "title"), Direction::ascending, Nulls::unset}};
  albums.limit = 1;
  EXPECT_EQ(
      postgres_text(albums),
      R"(SELECT t0."title" FROM "public"."albums" AS t0 ORDER BY t0."title", t0."id" LIMIT $1 FOR SHARE OF t0 SKIP LOCKED)");
  albums.lock->wait = query::Lock::Wait::nowait;
  albums.count = query::Count::exact;
  EXPECT_THAT(postgres_text(albums),
              ::testing::HasSubstr(R"( FOR SHARE OF t0 NOWAIT) AS p ON TRUE ORDER BY p.o0, p.o1)"));
}

TEST(CompileRead, LocksNothingThatIsNoRow) {
  query::Read albums;
  albums.schema = "public";
  albums.relation = "albums";
  albums.outputs.emplace_back(AggregateOutput{"count", Aggregate::count, std::nullopt, std::nullopt});
  albums.lock = query::Lock{};
  for (const auto* dialect : {&sql::postgres(), &sql::sqlite()}) {
    const auto plan = compile(albums, music(), *dialect);
    ASSERT_FALSE(plan.ok());
    EXPECT_EQ(plan.error().code, "0A000");
  }
}

TEST(CompileOrder, PutsNullsWherePostgresPutsThem) {
  const auto order = [](std::string name, Direction direction, Nulls nulls, const sql::Dialect& dialect) {
    query::Read albums = read("albums", {"id"});
    albums.order = {{"", column("albums", std::move(name)), direction, nulls}};
    const std::string text = planned(albums, dialect).statements[0].text;
    return text.substr(text.find(" ORDER BY ") + 10);
  };
  const auto& lite = sql::sqlite();
  const auto& postgres = sql::postgres();
  EXPECT_EQ(order("artist_id", Direction::ascending, Nulls::unset, lite), R"(t0."artist_id" NULLS LAST)");
  EXPECT_EQ(order("artist_id", Direction::ascending, Nulls::first, lite), R"(t0."artist_id")");
  EXPECT_EQ(order("artist_id", Direction::descending, Nulls::unset, lite), R"(t0."artist_id" DESC NULLS FIRST)");
  EXPECT_EQ(order("artist_id", Direction::descending, Nulls::last, lite), R"(t0."artist_id" DESC)");
  EXPECT_EQ(order("artist_id", Direction::ascending, Nulls::unset, postgres), R"(t0."artist_id")");
  EXPECT_EQ(order("artist_id", Direction::ascending, Nulls::first, postgres), R"(t0."artist_id" NULLS FIRST)");
  EXPECT_EQ(order("artist_id", Direction::descending, Nulls::last, postgres), R"(t0."artist_id" DESC NULLS LAST)");
  EXPECT_EQ(order("title", Direction::ascending, Nulls::unset, lite), R"(t0."title")");
}

TEST(CompileOrder, OrdersByAColumnOfAToOneEmbed) {
  query::Read albums = read("albums", {"id"});
  EmbedOutput artists = embed("albums", "artists", read("artists"), true);
  artists.hidden = true;
  albums.outputs.emplace_back(artists);
  albums.order = {{"artists", column("artists", "id"), Direction::ascending, Nulls::unset}};
  EXPECT_EQ(sqlite_text(albums),
            R"(SELECT t0."id" FROM "albums" AS t0 LEFT JOIN "artists" AS t1 ON t1."id" = t0."artist_id" )"
            R"(ORDER BY t1."id" NULLS LAST)");
}

TEST(CompileWhere, SpellsComparisonsForEachEngine) {
  const auto title = column("albums", "title");
  EXPECT_EQ(postgres_where(compare(title, Op::like, "a%")), R"(t0."title" LIKE $1)");
  EXPECT_EQ(sqlite_where(compare(title, Op::like, "a%")), R"(ballast_like(t0."title", ?1))");
  EXPECT_EQ(sqlite_where(compare(title, Op::imatch, "a.")), R"(ballast_imatch(t0."title", ?1))");
  EXPECT_EQ(postgres_where(compare(title, Op::imatch, "a.")), R"(t0."title" ~* $1)");
  EXPECT_EQ(sqlite_where(compare(title, Op::is_distinct, "a")), R"(t0."title" IS NOT ?1)");
  EXPECT_EQ(postgres_where(compare(title, Op::is_distinct, "a")), R"(t0."title" IS DISTINCT FROM $1)");
  EXPECT_EQ(sqlite_where({IsTest{column("albums", "live"), Is::unknown}}), R"(t0."live" IS NULL)");
}

TEST(CompileWhere, BindsListsAsOneValue) {
  const Predicate ids{In{column("albums", "id"), {{"1", -1}, {"3", -1}}}};
  EXPECT_EQ(sqlite_where(ids), R"(t0."id" IN (SELECT value FROM json_each(?1)))");
  EXPECT_EQ(postgres_where(ids), R"(t0."id" = ANY($1))");
  query::Read albums = read("albums", {"id"});
  albums.where = ids;
  EXPECT_EQ(planned(albums).statements[0].params, std::vector<sql::Param>{std::string("[1,3]")});
  albums.where = {In{column("albums", "title"), {{"a\"b", -1}, {"c,d", -1}}}};
  EXPECT_EQ(planned(albums).statements[0].params, std::vector<sql::Param>{std::string(R"(["a\"b","c,d"])")});
  EXPECT_EQ(planned(albums, sql::postgres()).statements[0].params,
            std::vector<sql::Param>{std::string(R"({"a\"b","c,d"})")});
}

TEST(CompileWhere, QuantifiesOverOneList) {
  const Predicate any{query::Compare{column("albums", "title"), Op::like, Quantifier::any, {{"a%", -1}, {"b%", -1}}}};
  EXPECT_EQ(postgres_where(any), R"(t0."title" LIKE ANY($1))");
  EXPECT_EQ(sqlite_where(any), R"(CASE WHEN t0."title" IS NOT NULL THEN EXISTS (SELECT 1 FROM json_each(?1) )"
                               R"(WHERE (ballast_like(t0."title", value))) END)");
  const Predicate all{query::Compare{column("albums", "id"), Op::gt, Quantifier::all, {{"1", -1}}}};
  EXPECT_EQ(sqlite_where(all), R"(CASE WHEN t0."id" IS NOT NULL THEN NOT EXISTS (SELECT 1 FROM json_each(?1) )"
                               R"(WHERE NOT (t0."id" > value)) END)");
}

TEST(CompileWhere, ComparesMomentsInOneFormWithinTheDaysAroundThem) {
  const auto added = column("albums", "added");
  EXPECT_EQ(sqlite_where(compare(added, Op::eq, "2024-01-01")),
            R"((t0."added" >= coalesce(date(?1, '-1 day'), '') AND t0."added" < coalesce(date(?1, '+2 days'), '~') )"
            R"(AND ballast_moment(t0."added", 1) = ?1))");
  EXPECT_EQ(sqlite_where(compare(added, Op::lt, "2024-01-01")),
            R"((t0."added" < coalesce(date(?1, '+2 days'), '~') AND ballast_moment(t0."added", 1) < ?1))");
  EXPECT_EQ(sqlite_where(compare(added, Op::neq, "2024-01-01")), R"((ballast_moment(t0."added", 1) <> ?1))");
  EXPECT_EQ(postgres_where(compare(added, Op::eq, "2024-01-01")), R"(t0."added" = $1)");
}

TEST(CompileWhere, FollowsJsonPaths) {
  EXPECT_EQ(sqlite_where(compare(data({{std::string("a"), false}, {std::int64_t{-1}, false}}), Op::eq, "1")),
            R"((t0."data" -> '$."a"[#-1]') = ?1)");
  EXPECT_EQ(sqlite_where(compare(data({{std::string("it's"), true}}), Op::eq, "1")),
            R"((CASE json_type(t0."data", '$."it''s"') WHEN 'text' THEN t0."data" ->> '$."it''s"' )"
            R"(WHEN 'null' THEN NULL ELSE t0."data" -> '$."it''s"' END) = ?1)");
  EXPECT_EQ(postgres_where(compare(data({{std::string("it's"), false}, {std::int64_t{0}, true}}), Op::eq, "1")),
            R"((t0."data"->'it''s'->>0) = $1)");
  EXPECT_EQ(sqlite_where(compare(data({{std::string("a\"b"), true}}), Op::eq, "1")).substr(0, 5), "0A000");
}

TEST(CompileWhere, CastsToKnownTypesOnly) {
  auto id = column("albums", "id");
  id.cast = catalog::type_named("text");
  EXPECT_EQ(postgres_where(compare(id, Op::eq, "1")), R"((t0."id")::text = $1)");
  EXPECT_EQ(sqlite_where(compare(id, Op::eq, "1")), R"(CAST(t0."id" AS TEXT) = ?1)");
  for (const char* bad : {"nonsense", "text; drop table x", "text'--[]", "int) or (1=1)[]"}) {
    id.cast = catalog::type_named(bad);
    EXPECT_EQ(sqlite_where(compare(id, Op::eq, "1")).substr(0, 5), "42704");
  }
}

TEST(CompileWhere, LeavesTypesThatItDoesNotKnowToPostgres) {
  const auto cast = [](std::string type) {
    auto id = column("albums", "id");
    id.cast = catalog::type_named(type);
    return postgres_where(compare(id, Op::is_distinct, "1"));
  };
  EXPECT_EQ(cast("regclass"), R"((t0."id")::"regclass" IS DISTINCT FROM $1)");
  EXPECT_EQ(cast("api.Mood[]"), R"((t0."id")::"api"."mood"[] IS DISTINCT FROM $1)");
  EXPECT_EQ(cast("bit(3)"), R"((t0."id")::"bit"(3) IS DISTINCT FROM $1)");
  EXPECT_EQ(cast("time with time zone"), R"((t0."id")::"timetz" IS DISTINCT FROM $1)");
  EXPECT_EQ(cast("timestamp(3) with time zone"), R"((t0."id")::timestamp(3) with time zone IS DISTINCT FROM $1)");
  EXPECT_EQ(cast("text; drop table x"), R"((t0."id")::"text; drop table x" IS DISTINCT FROM $1)");
  EXPECT_EQ(cast("x\"; drop table x; --"), R"((t0."id")::"x""; drop table x; --" IS DISTINCT FROM $1)");
  EXPECT_EQ(cast(".").substr(0, 5), "42704");
  EXPECT_EQ(cast("bit(3); drop table x").substr(0, 5), "42704");
}

TEST(CompileWhere, SearchesFullText) {
  const Predicate search{FullText{column("albums", "title"), FullTextMode::plain, "english", {"fat cat", -1}}};
  EXPECT_EQ(sqlite_where(search), R"(t0.rowid IN (SELECT rowid FROM "albums_fts" WHERE "albums_fts" MATCH ?1))");
  EXPECT_EQ(postgres_where(search), R"(to_tsvector('english', t0."title") @@ plainto_tsquery('english', $1))");
}

TEST(CompileWhere, SaysHowToGetFullTextWhereThereIsNone) {
  query::Read tracks = read("tracks", {"id"});
  tracks.where = {FullText{column("tracks", "name"), FullTextMode::plain, "", {"x", -1}}};
  const auto plan = compile(tracks, music(), sql::sqlite());
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().code, "0A000");
  EXPECT_NE(plan.error().hint.find("CREATE VIRTUAL TABLE"), std::string::npos);
}

TEST(CompileWhere, KnowsWhatSqliteHasNoOperatorFor) {
  EXPECT_EQ(sqlite_where(compare(column("albums", "id"), Op::strictly_left, "[1,2]")),
            "0A000 the operator sl on a column of type integer is not available on this engine (SQLite)");
  EXPECT_EQ(postgres_where(compare(column("albums", "data"), Op::contains, "[1]")), R"(t0."data" @> $1)");
}

TEST(CompileWhere, RefusesEndlessNesting) {
  Predicate deep = compare(column("albums", "id"), Op::eq, "1");
  for (int i = 0; i < 500; ++i) deep = Predicate{query::Not{std::move(deep)}};
  EXPECT_EQ(sqlite_where(std::move(deep)).substr(0, 5), "54001");
}

TEST(CompileWhere, QuotesHostileNames) {
  query::ColumnPath hostile;
  hostile.column = R"(x" = 1 OR "1)";
  EXPECT_EQ(sqlite_where(compare(hostile, Op::eq, "'; DROP TABLE albums; --")), R"(t0."x"" = 1 OR ""1" = ?1)");
}

query::Insert insert_albums(std::string payload) {
  query::Insert made;
  made.schema = "public";
  made.relation = "albums";
  made.columns = {"title", "price"};
  made.payload = std::move(payload);
  return made;
}

TEST(CompileInsert, IsOneStatementPerObjectOnSqlite) {
  const Plan plan = planned(insert_albums(R"([{"title":"a","price":1.005},{"title":"b","other":1}])"));
  ASSERT_EQ(plan.statements.size(), 2U);
  EXPECT_EQ(plan.statements[0].text, R"(INSERT INTO "albums" ("title", "price") VALUES (?1, ?2))");
  EXPECT_EQ(plan.statements[1].text, plan.statements[0].text);
  EXPECT_EQ(plan.statements[0].params, (std::vector<sql::Param>{std::string("a"), 1.01}));
  EXPECT_EQ(plan.statements[1].params, (std::vector<sql::Param>{std::string("b"), sql::Null{}}));
  EXPECT_TRUE(plan.statements[0].writes);
  EXPECT_TRUE(plan.writes);
  EXPECT_FALSE(plan.returns_rows);
}

TEST(CompileInsert, LeavesMissingColumnsToTheirDefaults) {
  query::Insert insert = insert_albums(R"([{"title":"a"},{}])");
  insert.missing_is_default = true;
  const Plan plan = planned(insert);
  EXPECT_EQ(plan.statements[0].text, R"(INSERT INTO "albums" ("title") VALUES (?1))");
  EXPECT_EQ(plan.statements[1].text, R"(INSERT INTO "albums" DEFAULT VALUES)");
}

TEST(CompileInsert, IsOneStatementOnPostgres) {
  query::Insert insert = insert_albums(R"([{"title":"a"}])");
  EXPECT_EQ(postgres_text(insert),
            R"(INSERT INTO "public"."albums" AS t0 ("title", "price") SELECT v."title", v."price" )"
            R"(FROM json_to_recordset($1) AS v("title" text, "price" numeric))");
  insert.on_conflict = query::OnConflict::merge;
  insert.location_columns = {"id"};
  EXPECT_EQ(
      postgres_text(insert),
      R"(WITH written AS (INSERT INTO "public"."albums" AS t0 ("title", "price") SELECT v."title", v."price" )"
      R"(FROM json_to_recordset(CASE WHEN set_config('ballast.updated', '0', true) IS NOT NULL THEN $1::json END) )"
      R"(AS v("title" text, "price" numeric) ON CONFLICT ("id") DO UPDATE SET )"
      R"("title" = excluded."title", "price" = excluded."price" WHERE set_config('ballast.updated', )"
      R"((current_setting('ballast.updated')::bigint + 1)::text, true) IS NOT NULL RETURNING t0."id") )"
      R"(SELECT t1."id", (SELECT CASE WHEN count(*) > 0 THEN current_setting('ballast.updated') END )"
      R"(FROM written) FROM written AS t1)");
}

TEST(CompileInsert, AnswersWithEmbedsOnSqlite) {
  query::Insert insert = insert_albums(R"([{"title":"a"}])");
  insert.on_conflict = query::OnConflict::ignore;
  insert.conflict_columns = {"title"};
  insert.location_columns = {"id"};
  insert.returning = read("albums", {"title"});
  insert.returning->outputs.emplace_back(embed("albums", "artists", read("artists", {"name"}), true));
  insert.returning->outputs.emplace_back(embed("albums", "tracks", read("tracks", {"id"})));
  const Plan plan = planned(insert);
  EXPECT_EQ(plan.statements[0].text,
            R"(INSERT INTO "albums" ("title", "price") VALUES (?1, ?2) ON CONFLICT ("title") DO NOTHING )"
            R"(RETURNING "albums"."title", )"
            R"((SELECT ballast_object('{f4:name0,4,-1;}', t0."name") FROM "artists" AS t0 )"
            R"(WHERE t0."id" = "albums"."artist_id"), )"
            R"((SELECT ballast_array('{f2:id0,1,-1;}', t1."id") FROM "tracks" AS t1 )"
            R"(WHERE t1."album_id" = "albums"."id"), "albums"."id")");
  ASSERT_EQ(plan.shape.location.size(), 1U);
  EXPECT_EQ(plan.shape.location[0].column, 3);
}

TEST(CompileInsert, RefusesPayloadsThatDoNotFit) {
  EXPECT_EQ(compile(insert_albums("[1]"), music(), sql::sqlite()).error().code, "PGRST102");
  EXPECT_EQ(compile(insert_albums("{"), music(), sql::sqlite()).error().code, "PGRST102");
  EXPECT_EQ(compile(insert_albums(R"([{"price":"x"}])"), music(), sql::sqlite()).error().code, "22P02");
}

TEST(CompileUpdate, SetsWhatThePayloadHolds) {
  query::Update update;
  update.schema = "public";
  update.relation = "albums";
  update.columns = {"title", "data"};
  update.payload = R"({"title":"x","data":{"a":1}})";
  update.where = compare(column("albums", "id"), Op::eq, "1");
  update.returning = read("albums", {"id"});
  EXPECT_EQ(sqlite_text(update),
            R"(UPDATE "albums" SET "title" = ?1, "data" = ?2 WHERE "albums"."id" = ?3 RETURNING "albums"."id")");
  EXPECT_EQ(postgres_text(update),
            R"(UPDATE "public"."albums" AS t0 SET "title" = v."title", "data" = v."data" )"
            R"(FROM json_to_record($1) AS v("title" text, "data" jsonb) WHERE t0."id" = $2 RETURNING t0."id")");
}

query::Insert insert_numbers(const std::vector<std::string>& columns, std::string payload) {
  query::Insert insert;
  insert.schema = "public";
  insert.relation = "t";
  insert.columns = columns;
  insert.payload = std::move(payload);
  insert.missing_is_default = true;
  return insert;
}

std::string insert_numbers_text(std::string payload) {
  std::vector<catalog::Relation> all;
  all.push_back(make_table("t", {make_column("id", "integer", false), make_column("n", "integer")}, {"id"}));
  all.back().columns[0].identity = true;
  all.back().columns[1].default_text = "7";
  const catalog::Snapshot snapshot(all, {"public"}, 1);
  return compile(insert_numbers({"id", "n"}, std::move(payload)), snapshot, sql::postgres())->statements[0].text;
}

TEST(CompileInsert, LeavesColumnsThatNoObjectHasToTheTable) {
  EXPECT_EQ(insert_numbers_text(R"([{"id":1},{"id":2}])"), R"(INSERT INTO "public"."t" AS t0 ("id") SELECT v."id" )"
                                                           R"(FROM json_to_recordset($1) AS v("id" integer))");
  EXPECT_EQ(insert_numbers_text(R"([{},{}])"), R"(INSERT INTO "public"."t" AS t0 SELECT FROM json_array_elements($1))");
}

TEST(CompileInsert, GivesObjectsThatLackAColumnItsDefault) {
  EXPECT_EQ(insert_numbers_text(R"([{"id":1},{"n":null}])"),
            R"(INSERT INTO "public"."t" AS t0 ("id", "n") SELECT CASE WHEN (e.o->'id') IS NULL THEN )"
            R"(nextval(pg_get_serial_sequence('"public"."t"', 'id'))::integer ELSE v."id" END, )"
            R"(CASE WHEN (e.o->'n') IS NULL THEN (7)::integer ELSE v."n" END )"
            R"(FROM json_array_elements($1) AS e(o), json_to_record(e.o) AS v("id" integer, "n" integer))");
}

TEST(CompileUpdate, SetsMissingColumnsToTheirDefaults) {
  query::Update update;
  update.schema = "public";
  update.relation = "albums";
  update.columns = {"title", "live"};
  update.payload = R"({"title":"x"})";
  update.missing_is_default = true;
  EXPECT_EQ(sqlite_text(update), R"(UPDATE "albums" SET "title" = ?1, "live" = (NULL))");
  EXPECT_EQ(postgres_text(update), R"(UPDATE "public"."albums" AS t0 SET "title" = v."title", "live" = DEFAULT )"
                                   R"(FROM json_to_record($1) AS v("title" text, "live" boolean))");
}

TEST(CompileUpdate, SetsTheDefaultOfWhatThePayloadLacks) {
  query::Update update;
  update.schema = "public";
  update.relation = "albums";
  update.columns = {"title", "data"};
  update.payload = R"({"title":"x"})";
  update.missing_is_default = true;
  EXPECT_EQ(sqlite_text(update), R"(UPDATE "albums" SET "title" = ?1, "data" = (NULL))");
  EXPECT_THAT(postgres_text(update), ::testing::HasSubstr(R"(SET "title" = v."title", "data" = DEFAULT FROM)"));
}

TEST(CompileUpdate, TouchesNothingWithoutColumns) {
  query::Update update;
  update.schema = "public";
  update.relation = "albums";
  update.payload = "{}";
  update.returning = read("albums", {"id"});
  EXPECT_EQ(sqlite_text(update), R"(SELECT t0."id" FROM "albums" AS t0 WHERE FALSE)");
}

TEST(CompileDelete, AnswersWithWhatIsGone) {
  query::Delete remove;
  remove.schema = "public";
  remove.relation = "tracks";
  remove.where = compare(column("tracks", "id"), Op::eq, "1");
  remove.returning = read("tracks", {"name"});
  EXPECT_EQ(sqlite_text(remove), R"(DELETE FROM "tracks" WHERE "tracks"."id" = ?1 RETURNING "tracks"."name")");
  EXPECT_EQ(postgres_text(remove), R"(DELETE FROM "public"."tracks" AS t0 WHERE t0."id" = $1 RETURNING t0."name")");
}

TEST(CompileDelete, DoesNotMistakeATableForAnAlias) {
  std::vector<catalog::Relation> all;
  all.push_back(make_table("t0", {make_column("id", "integer", false)}, {"id"}));
  auto child = make_table("c", {make_column("id", "integer", false), make_column("p", "integer")}, {"id"});
  add_reference(child, "p", "t0");
  all.push_back(child);
  const catalog::Snapshot snapshot(all, {"public"}, 1);
  query::Delete remove;
  remove.schema = "public";
  remove.relation = "t0";
  remove.returning.emplace();
  EmbedOutput children;
  children.alias = "c";
  children.relationship = snapshot.relationships("public", "t0").front();
  query::ColumnPath id;
  id.column = "id";
  children.child->outputs = {ColumnOutput{"id", id}};
  remove.returning->outputs.emplace_back(children);
  EXPECT_EQ(compile(remove, snapshot, sql::sqlite())->statements[0].text,
            R"(DELETE FROM "t0" RETURNING (SELECT ballast_array('{f2:id0,4,-1;}', t1."id") FROM "c" AS t1 )"
            R"(WHERE t1."p" = "t0"."id"))");
}

}  // namespace
}  // namespace ballast::compile
