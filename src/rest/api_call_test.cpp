#include <gtest/gtest.h>

#include "rest/test_api.hpp"
#include "rest/test_functions.hpp"

namespace ballast::rest {
namespace {

using testing::body;
using testing::header;
using testing::text;

class RestCall : public testing::ApiTest {
 protected:
  RestCall() : ApiTest(testing::snapshot_with_functions()) { storage_.postgres = true; }
};

TEST_F(RestCall, AnswersAValueByItself) {
  storage_.rows = {{text("3")}};
  const auto answer = get("/rest/v1/rpc/add?a=1&b=2");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(body(answer), "3");
  EXPECT_EQ(header(answer, "Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(storage_.statements.at(0).params, (std::vector<sql::Param>{std::string("1"), std::string("2")}));
  EXPECT_EQ(route_, "/rest/v1/rpc/add");
}

TEST_F(RestCall, PassesAJsonBodyAsItIs) {
  storage_.rows = {{text("3")}};
  EXPECT_EQ(body(post("/rest/v1/rpc/add", R"({"a":1,"b":2})")), "3");
  EXPECT_EQ(storage_.statements.at(0).params, (std::vector<sql::Param>{std::string(R"({"a":1,"b":2})")}));
}

TEST_F(RestCall, AnswersRowsWithTheirRange) {
  storage_.rows = {{text("1")}, {text("2")}};
  const auto answer = get("/rest/v1/rpc/recent_projects?select=id&days=3&limit=2&offset=1");
  EXPECT_EQ(body(answer), R"([{"id":1},{"id":2}])");
  EXPECT_EQ(header(answer, "Content-Range"), "1-2/*");
}

TEST_F(RestCall, CountsTheRowsThatComeWhenAllOfThemDo) {
  storage_.rows = {{text("1")}, {text("2")}};
  const auto answer = get("/rest/v1/rpc/recent_projects?select=id", {{"Prefer", "count=exact"}});
  EXPECT_EQ(header(answer, "Content-Range"), "0-1/2");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(storage_.statements.at(0).text.find("count("), std::string::npos);
}

TEST_F(RestCall, ReadsWithoutChangesUnlessTheFunctionMayMakeSome) {
  storage_.rows = {{text("1")}};
  post("/rest/v1/rpc/add", R"({"a":1,"b":2})");
  EXPECT_FALSE(storage_.committed);
  post("/rest/v1/rpc/change", R"({"id":1})");
  EXPECT_TRUE(storage_.committed);
}

TEST_F(RestCall, AsksTheDatabaseToRefuseChangesOfAGet) {
  storage_.rows = {{text("1")}};
  get("/rest/v1/rpc/change?id=1");
  EXPECT_FALSE(storage_.committed);
  ASSERT_EQ(storage_.session.settings.size(), 1U);
  EXPECT_EQ(storage_.session.settings.front(), (std::pair<std::string, std::string>{"transaction_read_only", "on"}));
}

TEST_F(RestCall, AnswersNothingForAFunctionThatReturnsNothing) {
  storage_.rows = {{text("1")}};
  const auto answer = post("/rest/v1/rpc/nothing", "");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(header(answer, "Content-Type"), "(none)");
}

TEST_F(RestCall, RefusesMethodsThatCallNothing) {
  const auto answer = ask(http::Method::del, "/rest/v1/rpc/add");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(body(answer),
            R"({"code":"PGRST101","details":null,"hint":null,"message":"Cannot use the DELETE method on RPC"})");
}

TEST_F(RestCall, RefusesCallsThatNobodyGranted) {
  rules_->open = false;
  EXPECT_EQ(get("/rest/v1/rpc/add?a=1&b=2").status, 401);
  EXPECT_TRUE(storage_.statements.empty());
  api_.reset();
  rules_->grants["anon"]["add"].execute = true;
  storage_.rows = {{text("3")}};
  EXPECT_EQ(get("/rest/v1/rpc/add?a=1&b=2").status, 200);
}

TEST_F(RestCall, UndoesACallThatGaveMoreRowsThanWanted) {
  storage_.rows = {{text("1")}, {text("2")}};
  const auto answer =
      post("/rest/v1/rpc/recent_projects?select=id", "{}", {{"Prefer", "handling=strict, max-affected=1"}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(body(answer).find("PGRST124"), std::string::npos);
}

TEST_F(RestCall, KnowsNoAffectedRowsOfAValue) {
  const auto answer = post("/rest/v1/rpc/add", R"({"a":1,"b":2})", {{"Prefer", "handling=strict, max-affected=1"}});
  EXPECT_NE(body(answer).find("PGRST128"), std::string::npos);
}

TEST_F(RestCall, RefusesSeveralRowsWhereOneObjectWasWanted) {
  storage_.rows = {{text("1")}, {text("2")}};
  const auto answer = get("/rest/v1/rpc/recent_projects?select=id", {{"Accept", "application/vnd.pgrst.object+json"}});
  EXPECT_EQ(answer.status, 406);
}

TEST_F(RestCall, PassesRepeatedValuesToAVariadicArgument) {
  storage_.rows = {{text("x")}};
  get("/rest/v1/rpc/join_words?words=a&words=b");
  EXPECT_EQ(storage_.statements.at(0).params, (std::vector<sql::Param>{std::string(R"({"a","b"})")}));
}

TEST_F(RestCall, ReadsComputedColumnsLikeOthers) {
  get("/rest/v1/clients?select=initials&initials=eq.AB&order=initials");
  EXPECT_EQ(storage_.statements.at(0).text,
            R"(SELECT "public"."initials"(t0.*) FROM "public"."clients" AS t0 WHERE "public"."initials"(t0.*) = $1)"
            R"( ORDER BY "public"."initials"(t0.*))");
}

TEST_F(RestCall, LeavesComputedColumnsOutUnlessTheyAreNamed) {
  get("/rest/v1/clients");
  EXPECT_EQ(storage_.statements.at(0).text.find("initials"), std::string::npos);
}

TEST_F(RestCall, EmbedsComputedRelationshipsByTheirFunctionsName) {
  get("/rest/v1/clients?select=id,tasks_of(id)");
  EXPECT_NE(storage_.statements.at(0).text.find(R"(CROSS JOIN "public"."tasks_of"(t1."k0") AS t2)"), std::string::npos);
}

TEST_F(RestCall, SetsTheTimeZoneThatTheClientPrefers) {
  const auto answer = get("/rest/v1/clients", {{"Prefer", "timezone=Asia/Tokyo"}});
  EXPECT_EQ(storage_.session.settings.at(0), (std::pair<std::string, std::string>{"timezone", "Asia/Tokyo"}));
  EXPECT_EQ(header(answer, "Preference-Applied"), "timezone=Asia/Tokyo");
  ask(http::Method::del, "/rest/v1/clients", {{"Prefer", "timezone=Asia/Tokyo"}});
  EXPECT_EQ(storage_.session.settings.at(0).second, "Asia/Tokyo");
}

TEST_F(RestCall, DescribesTheApiAtItsRoot) {
  const auto answer = get("/rest/v1/", {{"Host", "example.org"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(header(answer, "Content-Type"), "application/openapi+json; charset=utf-8");
  EXPECT_NE(body(answer).find(R"("host":"example.org","basePath":"/rest/v1")"), std::string::npos);
  EXPECT_EQ(header(get("/rest/v1", {{"Accept", "application/json"}}), "Content-Type"),
            "application/json; charset=utf-8");
  EXPECT_EQ(get("/rest/v1/", {{"Accept", "text/csv"}}).status, 406);
}

TEST_F(RestCall, DescribesNothingWhenToldSo) {
  settings_.openapi = Settings::OpenApi::disabled;
  EXPECT_NE(body(get("/rest/v1/")).find("PGRST126"), std::string::npos);
}

TEST_F(RestCall, LetsAFunctionAnswerAtTheRoot) {
  settings_.root_function = "join_words";
  storage_.rows = {{text("x")}};
  const auto answer = get("/rest/v1/");
  EXPECT_EQ(body(answer), "\"x\"");
  EXPECT_EQ(header(answer, "Content-Type"), "application/openapi+json; charset=utf-8");
}

TEST_F(RestCall, TellsWhichMethodsAFunctionTakes) {
  EXPECT_EQ(header(ask(http::Method::options, "/rest/v1/rpc/change"), "Allow"), "OPTIONS,POST");
}

}  // namespace
}  // namespace ballast::rest
