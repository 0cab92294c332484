#include <gmock/gmock.h>

#include "storage/postgres/test_compiled.hpp"

namespace ballast::storage::postgres {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using query::Aggregate;
using query::AggregateOutput;
using query::Direction;
using query::EmbedOutput;
using query::Join;
using ::testing::HasSubstr;

class CompiledReads : public Compiled {};

TEST_F(CompiledReads, ReadsAPageInOrder) {
  query::Read read = all("albums", {"id", "title", "live", "price", "added", "data"});
  read.order.push_back({"", path("albums", "price"), Direction::descending, query::Nulls::last});
  read.limit = 2;
  read.offset = 1;
  EXPECT_EQ(body(read), R"([{"id":1,"title":"First","live":true,"price":9.50,"added":"2020-01-02T03:04:05.5+00:00",)"
                        R"("data":{"a": {"b": [10, "x"]}, "n": 5, "t": "5"}},)"
                        R"({"id":4,"title":"Fourth","live":false,"price":0.00,"added":"infinity","data":{"n": 7}}])");
  read.limit = 0;
  EXPECT_EQ(body(read), "[]");
}

TEST_F(CompiledReads, LeavesNullsOutWhenAsked) {
  query::Read read = all("albums", {"id", "live", "data"});
  read.where = compile::testing::compare(path("albums", "id"), Op::eq, "3");
  EXPECT_EQ(body(read, {false, true}), R"([{"id":3}])");
}

TEST_F(CompiledReads, EmbedsToOneAndToMany) {
  query::Read read = all("albums", {"id"});
  read.outputs.emplace_back(embed("albums", "artists", all("artists", {"name"}), true));
  read.outputs.emplace_back(embed("albums", "tracks", all("tracks", {"id", "name"})));
  read.order.push_back({"", path("albums", "id"), {}, {}});
  EXPECT_EQ(body(read), R"([{"id":1,"artists":{"name":"Ada"},"tracks":[{"id":1,"name":"one"}, )"
                        "\n "
                        R"({"id":2,"name":"two"}, )"
                        "\n "
                        R"({"id":3,"name":"three"}]},)"
                        R"({"id":2,"artists":{"name":"Ada"},"tracks":[{"id":4,"name":"four"}]},)"
                        R"({"id":3,"artists":null,"tracks":[]},{"id":4,"artists":{"name":"Bob"},"tracks":[]}])");
}

TEST_F(CompiledReads, OrdersAndPagesChildren) {
  query::Read tracks = all("tracks", {"id"});
  tracks.order.push_back({"", path("tracks", "ms"), Direction::descending, {}});
  tracks.limit = 2;
  tracks.offset = 1;
  tracks.where = compile::testing::compare(path("tracks", "ms"), Op::lt, "1000");
  query::Read read = all("albums", {"id"});
  read.outputs.emplace_back(embed("albums", "tracks", tracks));
  read.where = compile::testing::compare(path("albums", "id"), Op::eq, "1");
  EXPECT_EQ(body(read), "[{\"id\":1,\"tracks\":[{\"id\":1}, \n {\"id\":2}]}]");
}

TEST_F(CompiledReads, NestsEmbedsOfEveryKind) {
  query::Read albums = all("albums", {"title"});
  albums.outputs.emplace_back(embed("albums", "artists", all("artists", {"name"}), true));
  query::Read tracks = all("tracks", {"name"});
  tracks.outputs.emplace_back(embed("tracks", "albums", albums, true));
  query::Read playlists = all("playlists", {"name"});
  playlists.outputs.emplace_back(embed("playlists", "tracks", tracks));
  playlists.order.push_back({"", path("playlists", "id"), {}, {}});
  EXPECT_EQ(body(playlists),
            R"([{"name":"mix","tracks":[{"name":"one","albums":{"title":"First","artists":{"name":"Ada"}}}, )"
            "\n "
            R"({"name":"four","albums":{"title":"Second","artists":{"name":"Ada"}}}]},{"name":"empty","tracks":[]}])");
}

TEST_F(CompiledReads, ShowsNoObjectForAToOneEmbedOfAChildThatIsNotThere) {
  query::Read albums = all("albums", {"id"});
  albums.outputs.emplace_back(embed("albums", "artists", all("artists", {"name"}), true));
  query::Read artists = all("artists", {"id"});
  artists.outputs.emplace_back(embed("artists", "albums", albums));
  artists.where = compile::testing::compare(path("artists", "id"), Op::gte, "2");
  artists.order.push_back({"", path("artists", "id"), {}, {}});
  EXPECT_EQ(body(artists), R"([{"id":2,"albums":[{"id":4,"artists":{"name":"Bob"}}]},{"id":3,"albums":[]}])");
}

TEST_F(CompiledReads, KeepsKeysThatLookLikeItsOwnNames) {
  query::Read tracks;
  tracks.schema = "public";
  tracks.relation = "tracks";
  for (const char* alias : {"r", "s", "o", "t1", "c0", "a\"b"}) {
    tracks.outputs.emplace_back(ColumnOutput{alias, path("tracks", "id")});
  }
  EmbedOutput album = embed("tracks", "albums", all("albums", {"id"}), true);
  album.alias = "o";
  tracks.outputs.emplace_back(album);
  query::Read read = all("albums", {"id"});
  read.outputs.emplace_back(embed("albums", "tracks", tracks));
  read.where = compile::testing::compare(path("albums", "id"), Op::eq, "2");
  EXPECT_EQ(body(read), R"([{"id":2,"tracks":[{"r":4,"s":4,"o":4,"t1":4,"c0":4,"a\"b":4,"o":{"id":2}}]}])");
}

TEST_F(CompiledReads, LeavesOutParentsOfInnerEmbeds) {
  query::Read read = all("albums", {"id"});
  EmbedOutput artists = embed("albums", "artists", all("artists", {"name"}), true);
  artists.join = Join::inner;
  artists.child->where = compile::testing::compare(path("artists", "name"), Op::eq, "Ada");
  read.outputs.emplace_back(artists);
  EmbedOutput tracks = embed("albums", "tracks", all("tracks", {}));
  tracks.join = Join::inner;
  tracks.hidden = true;
  tracks.child->where = compile::testing::compare(path("tracks", "ms"), Op::gt, "300");
  read.outputs.emplace_back(tracks);
  EXPECT_EQ(body(read), R"([{"id":2,"artists":{"name":"Ada"}}])");
}

TEST_F(CompiledReads, FiltersByWhetherEmbedsHaveRows) {
  query::Read read = all("albums", {"id"});
  EmbedOutput artists = embed("albums", "artists", all("artists", {}), true);
  artists.hidden = true;
  read.outputs.emplace_back(artists);
  EmbedOutput tracks = embed("albums", "tracks", all("tracks", {}));
  tracks.hidden = true;
  read.outputs.emplace_back(tracks);
  read.where = {query::Or{
      {Predicate{query::Not{Predicate{query::EmbedExists{"artists"}}}}, Predicate{query::EmbedExists{"tracks"}}}}};
  read.order.push_back({"", path("albums", "id"), {}, {}});
  EXPECT_EQ(body(read), R"([{"id":1},{"id":2},{"id":3}])");
}

TEST_F(CompiledReads, SpreadsEmbeds) {
  query::Read read = all("albums", {"id"});
  EmbedOutput artists = embed("albums", "artists", all("artists", {"name"}), true);
  artists.spread = true;
  read.outputs.emplace_back(artists);
  query::Read child = all("tracks", {"id", "ms"});
  child.order.push_back({"", path("tracks", "ms"), {}, {}});
  EmbedOutput tracks = embed("albums", "tracks", child);
  tracks.spread = true;
  read.outputs.emplace_back(tracks);
  read.order.push_back({"", path("albums", "id"), {}, {}});
  read.limit = 3;
  EXPECT_EQ(body(read), R"([{"id":1,"name":"Ada","id":[2, 1, 3],"ms":[50, 100, 200]},)"
                        R"({"id":2,"name":"Ada","id":[4],"ms":[400]},{"id":3,"name":null,"id":[],"ms":[]}])");
}

TEST_F(CompiledReads, EmbedsARelationIntoItselfBothWays) {
  query::Read read = all("employees", {"name"});
  EmbedOutput boss = embed("employees", "employees", all("employees", {"name"}), true);
  boss.alias = "boss";
  read.outputs.emplace_back(boss);
  EmbedOutput team = embed("employees", "employees", all("employees", {"name"}));
  team.alias = "team";
  team.child->order.push_back({"", path("employees", "id"), {}, {}});
  read.outputs.emplace_back(team);
  read.order.push_back({"", path("employees", "id"), {}, {}});
  read.limit = 2;
  EXPECT_EQ(body(read),
            "[{\"name\":\"Boss\",\"boss\":null,\"team\":[{\"name\":\"Ann\"}, \n {\"name\":\"Cat\"}]},"
            R"({"name":"Ann","boss":{"name":"Boss"},"team":[]}])");
}

TEST_F(CompiledReads, OrdersByAColumnOfAToOneEmbed) {
  query::Read read = all("albums", {"id"});
  EmbedOutput artists = embed("albums", "artists", all("artists", {}), true);
  artists.hidden = true;
  read.outputs.emplace_back(artists);
  read.order = {{"artists", path("artists", "name"), Direction::descending, {}},
                {"", path("albums", "id"), Direction::descending, {}}};
  EXPECT_EQ(body(read), R"([{"id":3},{"id":4},{"id":2},{"id":1}])");
}

TEST_F(CompiledReads, ComparesValuesByTheColumnsType) {
  const auto column = [](const char* name) { return path("albums", name); };
  EXPECT_EQ(albums(column("id"), Op::eq, "2"), "2");
  EXPECT_EQ(albums(column("id"), Op::neq, "2"), "1,3,4");
  EXPECT_EQ(albums(column("price"), Op::gt, "9.5"), "2");
  EXPECT_EQ(albums(column("price"), Op::lte, "9.5"), "1,4");
  EXPECT_EQ(albums(column("released"), Op::lt, "2021-01-01"), "1,4");
  EXPECT_EQ(albums(column("added"), Op::gte, "2021-06-01T14:00:00+02:00"), "2,4");
  EXPECT_EQ(albums(column("live"), Op::eq, "no"), "2,4");
  EXPECT_EQ(albums(column("live"), Op::is_distinct, "false"), "1,3");
  EXPECT_EQ(albums(column("title"), Op::like, "F%"), "1,4");
  EXPECT_EQ(albums(column("title"), Op::ilike, "f%"), "1,4");
  EXPECT_EQ(albums(column("title"), Op::match, "^F.*t$"), "1");
  EXPECT_EQ(albums(column("title"), Op::imatch, "^f"), "1,4");
  EXPECT_EQ(albums(column("data"), Op::eq, "[1,2]"), "2");
  EXPECT_EQ(albums(column("data"), Op::contains, R"({"n":7})"), "4");
  EXPECT_EQ(albums(column("data"), Op::contained, "[1,2,3]"), "2");
  EXPECT_EQ(things("uid", Op::eq, "00000000-0000-0000-0000-000000000001"), "1");
  EXPECT_EQ(things("mood", Op::eq, "happy"), "2");
  EXPECT_EQ(things("mood", Op::gt, "sad"), "2");
  EXPECT_EQ(things("mail", Op::eq, "a@b"), "1");
  EXPECT_EQ(things("pair", Op::eq, "(1,x)"), "1");
  EXPECT_EQ(things("f", Op::eq, "NaN"), "2");
  EXPECT_EQ(things("code", Op::eq, "ab"), "1");
  EXPECT_EQ(things("bits", Op::eq, "101"), "1");
}

TEST_F(CompiledReads, ComparesArraysRangesAndAddresses) {
  EXPECT_EQ(things("tags", Op::eq, "{a,b}"), "1");
  EXPECT_EQ(things("tags", Op::contains, "{b}"), "1,2");
  EXPECT_EQ(things("tags", Op::contained, "{a,b,c}"), "1");
  EXPECT_EQ(things("tags", Op::overlaps, "{\"c d\",z}"), "2");
  EXPECT_EQ(things("spent", Op::contains, "[2,3]"), "1");
  EXPECT_EQ(things("spent", Op::overlaps, "[4,5]"), "1,2");
  EXPECT_EQ(things("spent", Op::strictly_left, "[5,6]"), "1");
  EXPECT_EQ(things("spent", Op::strictly_right, "[1,4]"), "2");
  EXPECT_EQ(things("spent", Op::not_right, "[1,5)"), "1");
  EXPECT_EQ(things("spent", Op::not_left, "[5,6]"), "2");
  EXPECT_EQ(things("spent", Op::adjacent, "[9,10)"), "2");
  EXPECT_EQ(things("during", Op::contains, "[2020-01-02Z,2020-01-03Z]"), "1");
  EXPECT_EQ(things("ip", Op::strictly_left, "10.0.0.0/24"), "1");
  EXPECT_EQ(things("grid", Op::contains, "{5}"), "2");
}

TEST_F(CompiledReads, SaysWhatPostgresSaysOfValuesAndOperatorsThatDoNotFit) {
  EXPECT_EQ(albums(path("albums", "id"), Op::eq, "x"), R"(22P02 invalid input syntax for type integer: "x")");
  EXPECT_EQ(albums(path("albums", "id"), Op::eq, "99999999999"),
            R"(22003 value "99999999999" is out of range for type integer)");
  EXPECT_EQ(albums(path("albums", "released"), Op::eq, "x"), R"(22007 invalid input syntax for type date: "x")");
  EXPECT_EQ(albums(path("albums", "id"), Op::like, "x").substr(0, 5), "42883");
  EXPECT_EQ(things("mood", Op::eq, "angry"), R"(22P02 invalid input value for enum "Other types".mood: "angry")");
  EXPECT_EQ(things("plain", Op::eq, "{}").substr(0, 5), "42883");
  EXPECT_EQ(albums(path("albums", "title"), Op::eq, std::string("a\0b", 3)).substr(0, 5), "22021");
  EXPECT_EQ(in_list("albums", "title", {std::string("a\0b", 3)}).substr(0, 5), "22021");
}

TEST_F(CompiledReads, TakesAListAsOneValue) {
  EXPECT_EQ(in_list("albums", "id", {"1", "3", "77"}), "1,3");
  EXPECT_EQ(in_list("albums", "id", {}), "");
  EXPECT_EQ(in_list("albums", "title", {"First", "Lo,st", "{x}", "\"", "\\", "NULL", ""}), "1");
  EXPECT_EQ(in_list("albums", "released", {"2020-01-02"}), "1,4");
  EXPECT_EQ(in_list("albums", "data", {"[1, 2]", "{\"n\":7}"}), "2,4");
  EXPECT_EQ(in_list("things", "mood", {"sad"}), "1");
  EXPECT_EQ(in_list("things", "mail", {"a@b", "c@d"}), "1,2");
  EXPECT_EQ(in_list("things", "spent", {"[1,5)", "empty"}), "1");
  EXPECT_EQ(in_list("things", "pair", {"(1,x)"}), "1");
  EXPECT_EQ(in_list("things", "tags", {"{a,b}", "{}"}), "1");
  EXPECT_EQ(in_list("things", "tags", {}), "");
  EXPECT_EQ(in_list("things", "code", {"ab"}), "1");
  EXPECT_EQ(in_list("things", "f", {"NaN"}), "2");
}

TEST_F(CompiledReads, Quantifies) {
  EXPECT_EQ(any_album("title", Op::like, Quantifier::any, {"F%", "L%"}), "1,3,4");
  EXPECT_EQ(any_album("title", Op::ilike, Quantifier::all, {"f%", "%h"}), "4");
  EXPECT_EQ(any_album("title", Op::match, Quantifier::any, {"^Fi", "st$"}), "1,3");
  EXPECT_EQ(any_album("id", Op::gt, Quantifier::all, {"1", "2"}), "3,4");
  EXPECT_EQ(any_album("price", Op::eq, Quantifier::any, {"0", "19.99"}), "2,4");
  EXPECT_EQ(any_album("id", Op::eq, Quantifier::any, {}), "");
  EXPECT_EQ(any_album("id", Op::eq, Quantifier::all, {}), "1,2,3,4");
}

TEST_F(CompiledReads, TestsForNullAndTruth) {
  const auto is = [&](const char* name, query::Is what) {
    return ids("albums", {query::IsTest{path("albums", name), what}});
  };
  EXPECT_EQ(is("live", query::Is::true_), "1");
  EXPECT_EQ(is("live", query::Is::false_), "2,4");
  EXPECT_EQ(is("live", query::Is::unknown), "3");
  EXPECT_EQ(is("artist_id", query::Is::null), "3");
  EXPECT_EQ(is("artist_id", query::Is::not_null), "1,2,4");
  EXPECT_EQ(is("title", query::Is::true_), "42804 argument of IS TRUE must be type boolean, not type text");
  const Predicate live = {query::IsTest{path("albums", "live"), query::Is::true_}};
  EXPECT_EQ(ids("albums", {query::Not{live}}), "2,3,4");
  EXPECT_EQ(ids("albums", {query::And{}}), "1,2,3,4");
  EXPECT_EQ(ids("albums", {query::Or{}}), "");
}

TEST_F(CompiledReads, FollowsJsonPaths) {
  using Steps = std::vector<query::JsonStep>;
  const std::string a = "a";
  const std::string b = "b";
  const std::string n = "n";
  EXPECT_EQ(albums(data(Steps{{n, true}}), Op::eq, "7"), "4");
  EXPECT_EQ(albums(data(Steps{{n, false}}), Op::gt, "5"), "4");
  EXPECT_EQ(albums(cast(data(Steps{{n, true}}), "int"), Op::gte, "5"), "1,4");
  EXPECT_EQ(albums(data(Steps{{a, false}, {b, false}, {std::int64_t{-1}, true}}), Op::eq, "x"), "1");
  EXPECT_EQ(albums(data(Steps{{std::int64_t{1}, true}}), Op::eq, "2"), "2");
  EXPECT_EQ(ids("albums", {query::IsTest{data(Steps{{n, true}}), query::Is::null}}), "2,3");
  EXPECT_EQ(albums(data(Steps{{std::string("it's \"\\"), true}}), Op::eq, "2"), "");
  ColumnPath tag = path("things", "tags");
  tag.path = Steps{{std::int64_t{1}, true}};
  EXPECT_EQ(ids("things", compile::testing::compare(tag, Op::eq, "c d")), "2");
  ColumnPath member = path("things", "pair");
  member.path = Steps{{b, true}};
  EXPECT_EQ(ids("things", compile::testing::compare(member, Op::eq, "y")), "2");
  ColumnPath plain = path("things", "plain");
  plain.path = Steps{{std::string("k"), true}};
  EXPECT_EQ(ids("things", compile::testing::compare(plain, Op::eq, "1")), "1");
  query::Read read;
  read.schema = "public";
  read.relation = "albums";
  read.outputs = {ColumnOutput{"a", data(Steps{{a, false}})}, ColumnOutput{"n", data(Steps{{n, true}})}};
  read.where = compile::testing::compare(path("albums", "id"), Op::eq, "1");
  EXPECT_EQ(body(read), R"([{"a":{"b": [10, "x"]},"n":"5"}])");
}

TEST_F(CompiledReads, CastsToAnyTypeThatPostgresKnows) {
  const auto shown = [&](const char* column, const char* type, const char* relation = "albums") {
    query::Read read;
    read.schema = "public";
    read.relation = relation;
    read.outputs = {ColumnOutput{"v", cast(path(relation, column), type)}};
    read.where = compile::testing::compare(path(relation, "id"), Op::eq, "1");
    return body(read);
  };
  EXPECT_EQ(shown("id", "text"), R"([{"v":"1"}])");
  EXPECT_EQ(shown("price", "int"), R"([{"v":10}])");
  EXPECT_EQ(shown("price", "numeric(6,1)"), R"([{"v":9.5}])");
  EXPECT_EQ(shown("title", "varchar(2)"), R"([{"v":"Fi"}])");
  EXPECT_EQ(shown("added", "date"), R"([{"v":"2020-01-02"}])");
  EXPECT_EQ(shown("added", "timestamp(0)"), R"([{"v":"2020-01-02T03:04:06"}])");
  EXPECT_EQ(shown("added", "timetz"), R"([{"v":"03:04:05.5+00"}])");
  EXPECT_EQ(shown("id", "money"), R"([{"v":"$1.00"}])");
  EXPECT_EQ(shown("id", "oid"), R"([{"v":"1"}])");
  EXPECT_EQ(shown("id", "bit(4)"), R"([{"v":"0001"}])");
  EXPECT_EQ(shown("id", "Other types.mood"), "42846 cannot cast type integer to \"Other types\".mood");
  EXPECT_EQ(shown("id", "nonsense"), R"(42704 type "nonsense" does not exist)");
  EXPECT_EQ(shown("tags", "varchar[]", "things"), R"([{"v":["a","b"]}])");
  EXPECT_EQ(shown("tags", "text", "things"), R"([{"v":"{a,b}"}])");
  EXPECT_EQ(shown("words", "text", "things"), R"([{"v":"'cat' 'fat'"}])");
}

TEST_F(CompiledReads, SearchesText) {
  const auto search = [&](const char* relation, const char* column, query::FullTextMode mode, std::string language,
                          std::string text) {
    return ids(relation, {query::FullText{path(relation, column), mode, std::move(language), {std::move(text), -1}}});
  };
  using Mode = query::FullTextMode;
  EXPECT_EQ(search("things", "words", Mode::fts, "", "fat & cat"), "1");
  EXPECT_EQ(search("things", "words", Mode::plain, "simple", "cat fat"), "1");
  EXPECT_EQ(search("albums", "title", Mode::fts, "english", "seconds | lost"), "2,3");
  EXPECT_EQ(search("albums", "title", Mode::phrase, "", "first"), "1");
  EXPECT_EQ(search("albums", "title", Mode::web, "english", "-first"), "2,3,4");
  EXPECT_EQ(search("albums", "title", Mode::fts, "english", "&").substr(0, 5), "42601");
  EXPECT_EQ(search("albums", "title", Mode::fts, "klingon'", "x"),
            R"(42704 text search configuration "klingon'" does not exist)");
}

TEST_F(CompiledReads, CountsAllRowsBesideAPage) {
  query::Read read = all("albums", {"id"});
  read.count = query::Count::exact;
  read.limit = 1;
  read.offset = 2;
  read.where = compile::testing::compare(path("albums", "id"), Op::gt, "1");
  read.order.push_back({"", path("albums", "id"), Direction::descending, {}});
  EXPECT_EQ(body(read), R"([{"id":2}])");
  EXPECT_EQ(total_, 3);
  read.offset = 10;
  EXPECT_EQ(body(read), "[]");
  EXPECT_EQ(total_, 3);
}

TEST_F(CompiledReads, AsksThePlannerHowManyRowsItExpects) {
  query::Read tracks = all("tracks", {"id"});
  tracks.where = compile::testing::compare(path("tracks", "ms"), Op::gt, "1");
  query::Read read = all("albums", {"id"});
  read.outputs.emplace_back(embed("albums", "tracks", tracks));
  read.where = compile::testing::compare(path("albums", "id"), Op::gt, "1");
  read.count = query::Count::planned;
  const auto plan = compile::compile(read, *snapshot_, sql::postgres());
  ASSERT_TRUE(plan.ok() && plan->estimate);
  const Rows rows = run(*connection_, *plan->estimate);
  ASSERT_EQ(PQresultStatus(rows.get()), PGRES_TUPLES_OK) << PQresultErrorMessage(rows.get());
  EXPECT_THAT(PQgetvalue(rows.get(), 0, 0), HasSubstr("\"Plan Rows\": "));
}

TEST_F(CompiledReads, Aggregates) {
  query::Read read = all("albums", {"live"});
  read.outputs.emplace_back(AggregateOutput{"n", Aggregate::count, {}, {}});
  read.outputs.emplace_back(AggregateOutput{"sum", Aggregate::sum, path("albums", "price"), {}});
  read.outputs.emplace_back(AggregateOutput{"avg", Aggregate::avg, path("albums", "id"), catalog::type_named("text")});
  read.outputs.emplace_back(AggregateOutput{"last", Aggregate::max, path("albums", "added"), {}});
  read.order.push_back({"", path("albums", "live"), {}, {}});
  EXPECT_EQ(body(read), R"([{"live":false,"n":2,"sum":19.99,"avg":"3.0000000000000000","last":"infinity"},)"
                        R"({"live":true,"n":1,"sum":9.50,"avg":"1.00000000000000000000","last":)"
                        R"("2020-01-02T03:04:05.5+00:00"},{"live":null,"n":1,"sum":null,)"
                        R"("avg":"3.0000000000000000","last":null}])");
}

TEST_F(CompiledReads, GroupsByWhatIsShownAsJson) {
  query::Read read = all("things", {"tags", "pair"});
  read.outputs.emplace_back(AggregateOutput{"n", Aggregate::count, {}, {}});
  read.outputs.emplace_back(AggregateOutput{"most", Aggregate::max, path("things", "grid"), {}});
  read.order.push_back({"", path("things", "tags"), {}, {}});
  EXPECT_EQ(body(read), R"([{"tags":["a","b"],"pair":{"a":1,"b":"x"},"n":1,"most":[[1,2],[3,4]]},)"
                        R"({"tags":["b","c d"],"pair":{"a":2,"b":"y"},"n":1,"most":[5]}])");
  query::Read albums;
  albums.schema = "public";
  albums.relation = "albums";
  albums.outputs.emplace_back(AggregateOutput{"n", Aggregate::count, {}, {}});
  albums.outputs.emplace_back(embed("albums", "artists", all("artists", {"name"}), true));
  albums.order.push_back({"artists", path("artists", "name"), {}, {}});
  EXPECT_EQ(body(albums),
            R"([{"n":2,"artists":{"name":"Ada"}},{"n":1,"artists":{"name":"Bob"}},{"n":1,"artists":null}])");
}

TEST_F(CompiledReads, AggregatesInsideAnEmbed) {
  query::Read sums;
  sums.schema = "public";
  sums.relation = "tracks";
  sums.outputs.emplace_back(AggregateOutput{"sum", Aggregate::sum, path("tracks", "ms"), {}});
  query::Read read = all("albums", {"id"});
  read.outputs.emplace_back(embed("albums", "tracks", sums));
  read.order.push_back({"", path("albums", "id"), {}, {}});
  read.limit = 2;
  EXPECT_EQ(body(read), R"([{"id":1,"tracks":[{"sum":350}]},{"id":2,"tracks":[{"sum":400}]}])");
}

}  // namespace
}  // namespace ballast::storage::postgres
