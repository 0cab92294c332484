#include "rest/api.hpp"

#include <gtest/gtest.h>

#include "rest/test_api.hpp"
#include "rest/test_catalog.hpp"

namespace ballast::rest {
namespace {

using testing::body;
using testing::header;
using testing::integer;
using testing::text;

class RestApi : public testing::ApiTest {
 protected:
  RestApi() : ApiTest(testing::snapshot()) {}
  void two_clients() { storage_.rows = {{integer(1), text("Microsoft")}, {integer(2), text("Apple")}}; }
  void one_client() { storage_.rows = {{integer(1), text("Microsoft")}}; }
};

TEST_F(RestApi, AnswersRowsWithTheirRange) {
  two_clients();
  const auto answer = get("/rest/v1/clients?select=id,name&order=id");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(body(answer), R"([{"id":1,"name":"Microsoft"},{"id":2,"name":"Apple"}])");
  EXPECT_EQ(header(answer, "Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(header(answer, "Content-Range"), "0-1/*");
  EXPECT_EQ(header(answer, "Content-Location"), "/rest/v1/clients?order=id&select=id,name");
  EXPECT_EQ(route_, "/rest/v1/clients");
}

TEST_F(RestApi, AnswersNoRowsAsAnEmptyArray) {
  const auto answer = get("/rest/v1/clients?id=eq.9");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(body(answer), "[]");
  EXPECT_EQ(header(answer, "Content-Range"), "*/*");
}

TEST_F(RestApi, TheOffsetMovesTheRange) {
  two_clients();
  EXPECT_EQ(header(get("/rest/v1/clients?offset=2&limit=2"), "Content-Range"), "2-3/*");
  EXPECT_EQ(header(get("/rest/v1/clients", {{"Range", "10-100"}, {"Range-Unit", "items"}}), "Content-Range"),
            "10-11/*");
}

TEST_F(RestApi, AnswersOneObjectOrRefuses) {
  storage_.rows = {{integer(1), text("Microsoft"), text("v")}};
  const auto one = get("/rest/v1/clients?id=eq.1", {{"Accept", "application/vnd.pgrst.object+json"}});
  EXPECT_EQ(body(one), R"({"id":1,"name":"Microsoft"})");
  EXPECT_EQ(header(one, "ETag"), "\"v\"");
  EXPECT_EQ(header(one, "Content-Type"), "application/vnd.pgrst.object+json; charset=utf-8");
  storage_.rows.push_back(storage_.rows.front());
  const auto two = get("/rest/v1/clients", {{"Accept", "application/vnd.pgrst.object+json"}});
  EXPECT_EQ(two.status, 406);
  EXPECT_EQ(
      body(two),
      R"({"code":"PGRST116","details":"The result contains 2 rows","hint":null,"message":"Cannot coerce the result to a single JSON object"})");
  storage_.rows.clear();
  EXPECT_EQ(get("/rest/v1/clients", {{"Accept", "application/vnd.pgrst.object+json"}}).status, 406);
}

TEST_F(RestApi, AnswersCsv) {
  two_clients();
  const auto answer = get("/rest/v1/clients", {{"Accept", "text/csv"}});
  EXPECT_EQ(header(answer, "Content-Type"), "text/csv; charset=utf-8");
  EXPECT_EQ(body(answer), "id,name\n1,Microsoft\n2,Apple");
}

TEST_F(RestApi, AHeadHasHeadersAndNoBody) {
  two_clients();
  const auto answer = ask(http::Method::head, "/rest/v1/clients");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(header(answer, "Content-Range"), "0-1/*");
  EXPECT_EQ(header(answer, "Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(body(answer), "");
}

TEST_F(RestApi, ASecondRequestOfTheSameShapeBindsItsOwnValues) {
  one_client();
  const auto first = get("/rest/v1/clients?id=eq.1&name=like.M*");
  const auto second = get("/rest/v1/clients?id=eq.2&name=like.%2Ax");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(second.status, 200);
  ASSERT_EQ(storage_.statements.size(), 2U);
  EXPECT_EQ(storage_.statements[0].text, storage_.statements[1].text);
  EXPECT_EQ(storage_.statements[0].params, (std::vector<sql::Param>{std::int64_t{1}, std::string("M%")}));
  EXPECT_EQ(storage_.statements[1].params, (std::vector<sql::Param>{std::int64_t{2}, std::string("%x")}));
  EXPECT_EQ(header(second, "Content-Location"), "/rest/v1/clients?id=eq.2&name=like.%2Ax");
  EXPECT_EQ(route_, "/rest/v1/clients");
}

TEST_F(RestApi, ACachedShapeStillRefusesBadValues) {
  one_client();
  EXPECT_EQ(get("/rest/v1/clients?id=eq.1").status, 200);
  const auto answer = get("/rest/v1/clients?id=eq.x");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(body(answer),
            R"({"code":"22P02","details":null,"hint":null,"message":"invalid input syntax for type integer: \"x\""})");
  EXPECT_EQ(get("/rest/v1/clients?id=eq.%FF").status, 400);
  EXPECT_EQ(get("/rest/v1/clients?id=eq.3").status, 200);
  EXPECT_EQ(storage_.statements.back().params, std::vector<sql::Param>{std::int64_t{3}});
}

TEST_F(RestApi, AReloadedSchemaForgetsCachedPlans) {
  one_client();
  EXPECT_EQ(get("/rest/v1/clients?id=eq.1").status, 200);
  catalog_.store(std::make_shared<const catalog::Snapshot>(std::vector<catalog::Relation>(),
                                                           std::vector<std::string>{"public"}, 2));
  EXPECT_EQ(get("/rest/v1/clients?id=eq.1").status, 404);
}

TEST_F(RestApi, NewRulesForgetCachedPlans) {
  one_client();
  EXPECT_EQ(get("/rest/v1/clients?id=eq.1").status, 200);
  api_->set_rules(std::make_shared<policy::Rules>());
  const auto answer = get("/rest/v1/clients?id=eq.1");
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(body(answer),
            R"({"code":"42501","details":null,"hint":null,"message":"permission denied for table clients"})");
}

TEST_F(RestApi, NamesUnknownTablesPathsMethodsAndSchemas) {
  EXPECT_EQ(
      body(get("/rest/v1/client")),
      R"({"code":"PGRST205","details":null,"hint":"Perhaps you meant the table 'public.clients'","message":"Could not find the table 'public.client' in the schema cache"})");
  EXPECT_EQ(route_, "unmatched");
  EXPECT_EQ(get("/rest/v1/a/b").status, 404);
  EXPECT_EQ(get("/rest/v1/rpc/f").status, 404);
  const auto method = ask(http::Method::other, "/rest/v1/clients");
  EXPECT_EQ(method.status, 405);
  const auto schema = get("/rest/v1/clients", {{"Accept-Profile", "secret"}});
  EXPECT_EQ(schema.status, 406);
  EXPECT_EQ(
      body(schema),
      R"({"code":"PGRST106","details":null,"hint":"Only the following schemas are exposed: public","message":"Invalid schema: secret"})");
}

TEST_F(RestApi, ServesAtTheRootWhenToldTo) {
  settings_.path = "/";
  one_client();
  EXPECT_EQ(get("/clients?id=eq.1").status, 200);
  EXPECT_EQ(get("/").status, 200);
}

TEST_F(RestApi, TellsWhatARelationAllows) {
  EXPECT_EQ(header(ask(http::Method::options, "/rest/v1/clients"), "Allow"), "OPTIONS,GET,HEAD,POST,PUT,PATCH,DELETE");
  EXPECT_EQ(header(ask(http::Method::options, "/rest/v1/project_names"), "Allow"), "OPTIONS,GET,HEAD");
  EXPECT_EQ(ask(http::Method::options, "/rest/v1/unknown").status, 404);
}

TEST_F(RestApi, RefusesUnknownPreferencesWhenStrict) {
  const auto answer = get("/rest/v1/clients", {{"Prefer", "handling=strict"}, {"Prefer", "something, else"}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(
      body(answer),
      R"({"code":"PGRST122","details":"Invalid preferences: something, else","hint":null,"message":"Invalid preferences given with handling=strict"})");
}

TEST_F(RestApi, AnInsertAnswers201WithoutABody) {
  storage_.affected = 1;
  const auto answer = ask(http::Method::post, "/rest/v1/clients", {{"Prefer", "return=minimal"}}, R"({"id":1})");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(body(answer), "");
  EXPECT_EQ(header(answer, "Content-Type"), "(none)");
  EXPECT_EQ(header(answer, "Content-Range"), "*/*");
  EXPECT_EQ(header(answer, "Preference-Applied"), "return=minimal");
  EXPECT_TRUE(storage_.committed);
}

TEST_F(RestApi, AnInsertOfNothingRunsNothing) {
  const auto answer = ask(http::Method::post, "/rest/v1/clients", {{"Prefer", "return=representation"}}, "[]");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(body(answer), "[]");
  EXPECT_TRUE(storage_.statements.empty());
}

TEST_F(RestApi, AnUpdateOfNothingRunsNothing) {
  const auto answer = ask(http::Method::patch, "/rest/v1/clients", {{"Prefer", "return=representation"}}, "{}");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(body(answer), "[]");
  EXPECT_EQ(header(answer, "Content-Range"), "*/*");
  EXPECT_EQ(ask(http::Method::patch, "/rest/v1/clients", {}, "{}").status, 204);
  EXPECT_TRUE(storage_.statements.empty());
}

TEST_F(RestApi, AnUpdateTellsHowManyRowsItTouched) {
  storage_.affected = 2;
  const auto answer =
      ask(http::Method::patch, "/rest/v1/clients?id=gt.0", {{"Prefer", "count=exact"}}, R"({"name":"x"})");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(header(answer, "Content-Range"), "0-1/2");
  const auto removed = ask(http::Method::del, "/rest/v1/clients?id=gt.0");
  EXPECT_EQ(removed.status, 204);
  EXPECT_EQ(header(removed, "Content-Range"), "*/*");
}

TEST_F(RestApi, RollsBackBeyondTheMaximum) {
  storage_.affected = 2;
  const auto answer = ask(http::Method::del, "/rest/v1/clients", {{"Prefer", "handling=strict, max-affected=1"}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(
      body(answer),
      R"({"code":"PGRST124","details":"The query affects 2 rows","hint":null,"message":"Query result exceeds max-affected preference constraint"})");
  EXPECT_TRUE(storage_.rolled_back);
  EXPECT_EQ(ask(http::Method::del, "/rest/v1/clients", {{"Prefer", "handling=lenient, max-affected=1"}}).status, 204);
}

TEST_F(RestApi, RollsBackAWriteThatIsNotTheOneRowAskedFor) {
  storage_.affected = 4;
  const auto answer = ask(http::Method::patch, "/rest/v1/clients", {{"Accept", "application/vnd.pgrst.object+json"}},
                          R"({"name":"x"})");
  EXPECT_EQ(answer.status, 406);
  EXPECT_TRUE(storage_.rolled_back);
  EXPECT_FALSE(storage_.committed);
}

TEST_F(RestApi, HonoursTransactionPreferencesOnlyWhenAllowed) {
  const std::vector<http::Headers::Field> prefer = {{"Prefer", "tx=rollback"}};
  EXPECT_EQ(header(ask(http::Method::del, "/rest/v1/clients", prefer), "Preference-Applied"), "(none)");
  EXPECT_TRUE(storage_.committed);
  api_.reset();
  settings_.allow_tx_rollback = true;
  EXPECT_EQ(header(ask(http::Method::del, "/rest/v1/clients", prefer), "Preference-Applied"), "tx=rollback");
  EXPECT_TRUE(storage_.rolled_back);
}

TEST_F(RestApi, RefusesBodiesItCannotRead) {
  const auto code = [&](std::string payload, std::string_view type = "application/json") {
    const auto answer = ask(http::Method::post, "/rest/v1/clients", {{"Content-Type", type}}, std::move(payload));
    EXPECT_EQ(answer.status / 100, 4);
    return std::to_string(answer.status) + " " + body(answer);
  };
  EXPECT_EQ(code(""), R"(400 {"code":"PGRST102","details":null,"hint":null,"message":"Empty or invalid json"})");
  EXPECT_EQ(
      code("{\"id\":1,\n}"),
      R"(400 {"code":"PGRST102","details":"line 2, column 1: expected a key in double quotes","hint":null,"message":"Empty or invalid json"})");
  EXPECT_EQ(code("<a/>", "text/xml").substr(0, 3), "415");
  EXPECT_EQ(code(R"([{"id":1},{"name":"x"}])"),
            R"(400 {"code":"PGRST102","details":null,"hint":null,"message":"All object keys must match"})");
  EXPECT_EQ(
      code(R"({"id":"x"})"),
      R"(400 {"code":"22P02","details":null,"hint":null,"message":"invalid input syntax for type integer: \"x\""})");
  EXPECT_TRUE(storage_.statements.empty());
}

TEST_F(RestApi, APutMustMatchItsAddress) {
  const auto put = [&](std::string_view target, std::string payload) {
    return ask(http::Method::put, target, {}, std::move(payload));
  };
  EXPECT_EQ(put("/rest/v1/clients?name=eq.x", R"({"id":1})").status, 405);
  const auto other = put("/rest/v1/clients?id=eq.1", R"({"id":2,"name":"x"})");
  EXPECT_EQ(other.status, 400);
  EXPECT_EQ(
      body(other),
      R"x({"code":"PGRST115","details":null,"hint":null,"message":"Payload values do not match URL in primary key column(s)"})x");
  storage_.affected = 1;
  EXPECT_EQ(put("/rest/v1/clients?id=eq.1", R"([{"id":1,"name":"x"},{"id":2,"name":"y"}])").status, 201);
}

TEST_F(RestApi, AFailureOfTheDatabaseIsTheAnswer) {
  storage_.failure = unavailable("BLST503", "the database is busy", 2);
  const auto answer = get("/rest/v1/clients");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(header(answer, "Retry-After"), "2");
}

TEST_F(RestApi, ALongAnswerIsSpooled) {
  settings_.memory_limit = 1000;
  const std::string name(400, 'x');
  for (int i = 0; i < 10; ++i) storage_.rows.push_back({integer(i), text(name)});
  const auto answer = get("/rest/v1/clients");
  EXPECT_TRUE(std::holds_alternative<std::shared_ptr<const Spool>>(answer.body));
}

TEST_F(RestApi, TellsTheSchemaWhenThereAreSeveral) {
  catalog_.store(testing::snapshot({"public", "other"}));
  EXPECT_EQ(header(get("/rest/v1/clients"), "Content-Profile"), "public");
  EXPECT_EQ(get("/rest/v1/clients", {{"Accept-Profile", "other"}}).status, 404);
}

}  // namespace
}  // namespace ballast::rest
