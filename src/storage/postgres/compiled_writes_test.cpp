#include <gmock/gmock.h>

#include "storage/postgres/test_compiled.hpp"

namespace ballast::storage::postgres {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using query::EmbedOutput;
using query::OnConflict;

class CompiledWrites : public Compiled {
 protected:
  /// A database of the test's own.
  void create(const std::string& sql) {
    connection_ = connect(TestCluster::shared().create_database(music_schema + sql));
    const auto found = introspect(*connection_, {"public"}, {});
    ASSERT_TRUE(found.ok());
    own_ = *found;
    execute(*connection_, "BEGIN");
  }
  std::string on_own(const query::Operation& operation) {
    std::swap(snapshot_, own_);
    std::string made = body(operation);
    std::swap(snapshot_, own_);
    return made;
  }
  std::string rows(const std::string& relation) {
    return value("SELECT coalesce(json_agg(t), '[]') FROM (SELECT * FROM " + relation + " ORDER BY 1) t");
  }
  catalog::SnapshotPtr own_;
};

TEST_F(CompiledWrites, InsertsSeveralRowsWithOnePayload) {
  query::Insert made =
      insert("artists", {"id", "name"}, R"([{"id":10,"name":"Zoë \"q\""},{"id":"11"},{"id":12,"name":null,"x":1}])");
  EXPECT_EQ(body(made), "[]");
  EXPECT_EQ(affected_, "3");
  EXPECT_EQ(value("SELECT string_agg(id || coalesce(name, '-'), ',' ORDER BY id) FROM artists WHERE id > 9"),
            "10Zoë \"q\",11-,12-");
}

TEST_F(CompiledWrites, ReadsEveryTypeFromJson) {
  const auto* things = snapshot_->relation("public", "things");
  std::vector<std::string> columns;
  for (const auto& column : things->columns) columns.push_back(column.name);
  query::Insert made =
      insert("things", columns,
             R"json([{"id":3,"tags":["x","y z",null],"mood":"happy","pair":{"a":7,"b":"q"},"mail":"e@f","spent":"[2,3)",
        "during":"[2021-01-01Z,)","code":"xyz","bits":"110","note":"abcde","words":"a b","at":"2021-01-01T10:00:00",
        "plain":{"b" : 1, "a":[]},"uid":"00000000-0000-0000-0000-00000000000A","f":"Infinity","ip":"::1",
        "grid":[[1,2],[3,4]],"pairs":[{"a":1,"b":"r"},null],"codes":["abc","d"]},
        {"id":4,"tags":"{q}","plain":"text","note":12,"f":1e3,"mail":"a@b"}])json");
  made.returning = all("things", columns);
  EXPECT_EQ(body(made),
            R"j([{"id":3,"tags":["x","y z",null],"mood":"happy","pair":{"a":7,"b":"q"},"mail":"e@f","spent":"[2,3)",)j"
            R"j("during":"[\"2021-01-01 00:00:00+00\",)","code":"xyz","bits":"110","note":"abcde","words":"'a' 'b'",)j"
            R"j("at":"2021-01-01T10:00:00","plain":{"b" : 1, "a":[]},"uid":"00000000-0000-0000-0000-00000000000a",)j"
            R"j("f":"Infinity","ip":"::1","grid":[[1,2],[3,4]],"pairs":[{"a":1,"b":"r"},null],"codes":["abc","d  "]},)j"
            R"j({"id":4,"tags":["q"],"mood":null,"pair":null,"mail":"a@b","spent":null,"during":null,"code":null,)j"
            R"j("bits":null,"note":"12","words":null,"at":null,"plain":"text","uid":null,"f":1000,"ip":null,)j"
            R"j("grid":null,"pairs":null,"codes":null}])j");
}

TEST_F(CompiledWrites, RefusesWhatTheColumnsRefuse) {
  EXPECT_EQ(body(insert("things", {"id", "note"}, R"([{"id":5,"note":"abcdef"}])")),
            "22001 value too long for type character varying(5)");
  EXPECT_EQ(body(insert("things", {"id", "mail"}, R"([{"id":5,"mail":"nobody"}])")),
            "23514 value for domain \"Other types\".email violates check constraint \"email_check\"");
  EXPECT_EQ(body(insert("things", {"id", "bits"}, R"([{"id":5,"bits":"1"}])")),
            "22026 bit string length 1 does not match type bit(3)");
  EXPECT_EQ(body(insert("things", {"id"}, R"([{"id":1}])")).substr(0, 5), "23505");
  EXPECT_EQ(body(insert("albums", {"artist_id"}, R"([{"artist_id":1}])")).substr(0, 5), "23502");
  EXPECT_EQ(body(insert("tracks", {"id", "album_id"}, R"([{"id":50,"album_id":999}])")).substr(0, 5), "23503");
  EXPECT_EQ(body(insert("tracks", {"id", "ms"}, R"([{"id":50,"ms":1.5}])")).substr(0, 5), "22P02");
}

TEST_F(CompiledWrites, AnswersWithRowsAndTheirEmbeds) {
  query::Insert made = insert("albums", {"title", "artist_id"}, R"([{"title":"New","artist_id":2},{"title":"Newer"}])");
  made.returning = all("albums", {"id", "title", "price"});
  made.location_columns = {"id"};
  EXPECT_EQ(body(made), R"([{"id":11,"title":"New","price":null},{"id":12,"title":"Newer","price":null}])");
  EXPECT_EQ(text_.find("WITH"), std::string::npos);
  ASSERT_EQ(location_.size(), 1U);
  EXPECT_EQ(location_[0].second, "11");
  made.payload = R"([{"title":"A","artist_id":2},{"title":"B"}])";
  made.returning = all("albums", {"title"});
  made.returning->outputs.emplace_back(embed("albums", "artists", all("artists", {"name"}), true));
  made.returning->outputs.emplace_back(embed("albums", "tracks", all("tracks", {"id"})));
  made.returning->order.push_back({"", path("albums", "id"), query::Direction::descending, {}});
  EXPECT_EQ(body(made),
            R"([{"title":"B","artists":null,"tracks":[]},{"title":"A","artists":{"name":"Bob"},"tracks":[]}])");
  EXPECT_EQ(location_[0].second, "14");
}

TEST_F(CompiledWrites, InsertsDefaultsOnceForEachObject) {
  create("CREATE TABLE d (id serial PRIMARY KEY, n int DEFAULT 7)");
  query::Insert made = insert("d", {}, "[{},{}]");
  EXPECT_EQ(on_own(made), "[]");
  EXPECT_EQ(rows("d"), "[{\"id\":1,\"n\":7}, \n {\"id\":2,\"n\":7}]");
}

TEST_F(CompiledWrites, GivesMissingKeysTheirDefaults) {
  create(R"(CREATE TABLE d (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, s bigserial, n int DEFAULT 7,
              t timestamp DEFAULT now(), v varchar(9) DEFAULT 'x'::text, m "Other types".mood DEFAULT 'sad',
              twice int GENERATED ALWAYS AS (n * 2) STORED, mail "Other types".email))");
  const std::vector<std::string> columns = {"id", "s", "n", "t", "v", "m", "mail"};
  query::Insert made = insert("d", columns, R"([{"id":50},{"n":null,"m":"happy"},{"v":"y","s":9,"mail":"a@b"}])");
  made.missing_is_default = true;
  EXPECT_EQ(on_own(made), "[]");
  EXPECT_EQ(
      value("SELECT json_agg(x) FROM (SELECT id, s, n, t = now()::timestamp AS t, v, m, twice, mail FROM d"
            " ORDER BY id) x"),
      "[{\"id\":1,\"s\":2,\"n\":null,\"t\":true,\"v\":\"x\",\"m\":\"happy\",\"twice\":null,\"mail\":\"no@where\"}, \n"
      " {\"id\":2,\"s\":9,\"n\":7,\"t\":true,\"v\":\"y\",\"m\":\"sad\",\"twice\":14,\"mail\":\"a@b\"}, \n"
      " {\"id\":50,\"s\":1,\"n\":7,\"t\":true,\"v\":\"x\",\"m\":\"sad\",\"twice\":14,\"mail\":\"no@where\"}]");
  made.missing_is_default = false;
  made.payload = R"([{"id":60},{"id":61,"s":4}])";
  EXPECT_EQ(on_own(made).substr(0, 5), "23502");
}

TEST_F(CompiledWrites, CountsWhatAnUpsertUpdates) {
  query::Insert made = insert("artists", {"id", "name"},
                              R"([{"id":1,"name":"Ada II"},{"id":20,"name":"New"},{"id":2,"name":"Bob II"}])");
  made.on_conflict = OnConflict::merge;
  EXPECT_EQ(body(made), "[{},{},{}]");
  EXPECT_EQ(updated_, 2);
  EXPECT_EQ(affected_, "3");
  made.returning = all("artists", {"name"});
  made.location_columns = {"id"};
  EXPECT_EQ(body(made), R"([{"name":"Ada II"},{"name":"New"},{"name":"Bob II"}])");
  EXPECT_EQ(updated_, 3);
  made.payload = R"([{"id":21,"name":"x"}])";
  EXPECT_EQ(body(made), R"([{"name":"x"}])");
  EXPECT_EQ(updated_, 0);
  EXPECT_EQ(location_[0].second, "21");
  made.payload = "[]";
  EXPECT_EQ(body(made), "[]");
  EXPECT_EQ(updated_, std::nullopt);
}

TEST_F(CompiledWrites, UpsertsIntoViewsAndPartitionedTables) {
  create(
      "CREATE VIEW v AS SELECT id, name FROM artists;"
      "CREATE TABLE parts (id int PRIMARY KEY, n int) PARTITION BY RANGE (id);"
      "CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (10);"
      "CREATE TABLE parts_high PARTITION OF parts FOR VALUES FROM (10) TO (20);"
      "INSERT INTO parts VALUES (1, 1)");
  query::Insert made = insert("parts", {"id", "n"}, R"([{"id":1,"n":2},{"id":15,"n":3}])");
  made.on_conflict = OnConflict::merge;
  EXPECT_EQ(on_own(made), "[{},{}]");
  EXPECT_EQ(updated_, 1);
  EXPECT_EQ(rows("parts"), "[{\"id\":1,\"n\":2}, \n {\"id\":15,\"n\":3}]");
  made = insert("v", {"id", "name"}, R"([{"id":1,"name":"x"}])");
  made.on_conflict = OnConflict::merge;
  made.conflict_columns = {"id"};
  EXPECT_EQ(on_own(made), "[{}]");
  EXPECT_EQ(updated_, 1);
}

TEST_F(CompiledWrites, IgnoresRowsThatAreThere) {
  query::Insert made =
      insert("albums", {"title", "price"}, R"([{"title":"First","price":1},{"title":"Tenth","price":2}])");
  made.on_conflict = OnConflict::ignore;
  made.conflict_columns = {"title"};
  made.returning = all("albums", {"title"});
  EXPECT_EQ(body(made), R"([{"title":"Tenth"}])");
  EXPECT_EQ(affected_, "1");
}

TEST_F(CompiledWrites, UpdatesWhatMatches) {
  query::Update made;
  made.schema = "public";
  made.relation = "things";
  made.columns = {"pair", "tags", "code", "bits"};
  made.payload = R"({"pair":{"a":9,"b":"z"},"tags":["n"],"code":"q","bits":"111"})";
  made.where = compile::testing::compare(path("things", "id"), Op::eq, "1");
  made.returning = all("things", {"id", "pair", "tags", "code", "bits"});
  EXPECT_EQ(body(made), R"([{"id":1,"pair":{"a":9,"b":"z"},"tags":["n"],"code":"q  ","bits":"111"}])");
  EXPECT_EQ(affected_, "1");
  made.payload = R"([{"pair":null}])";
  made.columns = {"pair"};
  made.returning.reset();
  EXPECT_EQ(body(made), "[]");
  EXPECT_EQ(value("SELECT count(*) FROM things WHERE pair IS NULL"), "1");
}

TEST_F(CompiledWrites, UpdatesWithEmbedsConditionsAndDefaults) {
  create("ALTER TABLE albums ALTER price SET DEFAULT 3");
  query::Update made;
  made.schema = "public";
  made.relation = "albums";
  made.columns = {"live", "price"};
  made.payload = R"({"live":true})";
  made.missing_is_default = true;
  made.where = {query::EmbedExists{"artists"}};
  made.returning = all("albums", {"id", "live", "price"});
  EmbedOutput artists = embed("albums", "artists", all("artists", {"name"}), true);
  artists.child->where = compile::testing::compare(path("artists", "name"), Op::eq, "Ada");
  made.returning->outputs.emplace_back(artists);
  made.returning->order.push_back({"", path("albums", "id"), query::Direction::descending, {}});
  EXPECT_EQ(on_own(made), R"([{"id":2,"live":true,"price":3.00,"artists":{"name":"Ada"}},)"
                          R"({"id":1,"live":true,"price":3.00,"artists":{"name":"Ada"}}])");
}

TEST_F(CompiledWrites, AnswersWithWhatItDeleted) {
  query::Delete made;
  made.schema = "public";
  made.relation = "tracks";
  made.where = compile::testing::compare(path("tracks", "id"), Op::gte, "2");
  made.returning = all("tracks", {"id"});
  made.returning->outputs.emplace_back(embed("tracks", "albums", all("albums", {"title"}), true));
  made.returning->outputs.emplace_back(embed("tracks", "playlists", all("playlists", {"name"})));
  made.returning->order.push_back({"", path("tracks", "ms"), {}, {}});
  execute(*connection_, "ALTER TABLE playlist_tracks DROP CONSTRAINT playlist_tracks_track_id_fkey");
  EXPECT_EQ(body(made), R"([{"id":2,"albums":{"title":"First"},"playlists":[]},)"
                        R"({"id":3,"albums":{"title":"First"},"playlists":[]},)"
                        R"({"id":4,"albums":{"title":"Second"},"playlists":[{"name":"mix"}]}])");
}

TEST_F(CompiledWrites, ReadsNoColumnThatTheAnswerDoesNotShow) {
  create("CREATE ROLE writer; GRANT SELECT (id, title), INSERT, UPDATE, DELETE ON albums TO writer");
  execute(*connection_, "SET ROLE writer");
  query::Insert made = insert("albums", {"title", "price"}, R"([{"title":"Q","price":1}])");
  EXPECT_EQ(body(made), "[]");
  made.payload = R"([{"title":"R","price":1}])";
  made.returning = all("albums", {"title"});
  made.location_columns = {"id"};
  EXPECT_EQ(body(made), R"([{"title":"R"}])");
  made.on_conflict = OnConflict::merge;
  made.conflict_columns = {"title"};
  EXPECT_EQ(body(made).substr(0, 5), "42501");  // excluded.price is read
  made.returning = all("albums", {"price"});
  EXPECT_EQ(body(made).substr(0, 5), "42501");
}

TEST_F(CompiledWrites, ComputesColumnsAndRelationshipsOfWrittenRows) {
  create(
      "CREATE FUNCTION shout(albums) RETURNS text LANGUAGE sql STABLE AS $$ SELECT upper($1.title) $$;"
      "CREATE FUNCTION songs(albums) RETURNS SETOF tracks LANGUAGE sql STABLE AS $$"
      " SELECT * FROM tracks WHERE album_id = $1.id $$");
  query::Update made;
  made.schema = "public";
  made.relation = "albums";
  made.columns = {"title"};
  made.payload = R"({"title":"renamed"})";
  made.where = compile::testing::compare(path("albums", "id"), Op::eq, "2");
  made.returning = all("albums", {"id"});
  made.returning->outputs.emplace_back(ColumnOutput{"shout", {"shout", catalog::type_named("text"), {}, {}, "public"}});
  EXPECT_EQ(on_own(made), R"([{"id":2,"shout":"RENAMED"}])");
  EmbedOutput songs;
  songs.alias = "songs";
  for (const auto& relationship : own_->relationships("public", "albums")) {
    if (relationship.function == "songs") songs.relationship = relationship;
  }
  songs.child = all("tracks", {"name"});
  made.returning->outputs.emplace_back(songs);
  EXPECT_EQ(on_own(made), R"([{"id":2,"shout":"RENAMED","songs":[{"name":"four"}]}])");
}

}  // namespace
}  // namespace ballast::storage::postgres
