#include "graphql/endpoint.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rest/test_storage.hpp"

namespace ballast::graphql {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// An endpoint whose operations are answered with what they asked for; `refused`, with status and delay, instead.
class EndpointTest : public ::testing::Test {
 protected:
  http::Response send(http::Method method, std::string body, std::vector<std::pair<std::string, std::string>> fields,
                      std::string query = {}) {
    Endpoint endpoint(settings, {}, [this](const Ask& ask, http::Request&) { return execute(ask); });
    return send(endpoint, method, std::move(body), fields, query);
  }
  static http::Response send(Endpoint& endpoint, http::Method method, std::string body,
                             const std::vector<std::pair<std::string, std::string>>& fields,
                             const std::string& query = {}) {
    http::Request request;
    request.method = method;
    request.path = "/graphql/v1";
    request.query = query;
    request.body = std::move(body);
    for (const auto& [name, value] : fields) request.headers.add(name, value);
    return rest::testing::wait(endpoint.handle(request));
  }
  http::Response post(std::string body, std::string accept = response_type) {
    return send(http::Method::post, std::move(body), {{"Content-Type", "application/json"}, {"Accept", accept}});
  }
  http::Response get(std::string query, std::string accept = response_type) {
    return send(http::Method::get, "", {{"Accept", accept}}, std::move(query));
  }
  static std::string text(const http::Response& response) { return std::get<std::string>(response.body); }
  static std::string field(const http::Response& response, std::string_view name) {
    const auto* value = response.find(name);
    return value == nullptr ? "" : *value;
  }

  static constexpr const char* response_type = "application/graphql-response+json";
  static constexpr const char* json_type = "application/json";

  Settings settings;
  std::optional<Outcome> refused;
  std::vector<std::string> executed;

 private:
  boost::asio::awaitable<Outcome> execute(Ask ask) {
    executed.push_back(fmt::format("{}|{}|{}|{}", ask.query, ask.operation_name, ask.variables, ask.read_only));
    if (refused) co_return *refused;
    Outcome outcome;
    outcome.stage = Outcome::Stage::executed;
    outcome.body = fmt::format("{{\"data\":{}}}", executed.size());
    co_return outcome;
  }
};

Outcome refusal_of(int status, std::string retry_after = {}) {
  Outcome outcome;
  outcome.body = R"({"errors":[{"message":"no"}]})";
  outcome.status = status;
  outcome.retry_after = std::move(retry_after);
  return outcome;
}

TEST_F(EndpointTest, ExecutesAPost) {
  const auto answer = post(R"({"query":"{ a }","operationName":"Q","variables":{"a": [1]},"extensions":{}})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(text(answer), R"({"data":1})");
  EXPECT_EQ(field(answer, "Content-Type"), "application/graphql-response+json; charset=utf-8");
  EXPECT_EQ(field(answer, "Vary"), "Accept");
  EXPECT_THAT(executed, ::testing::ElementsAre(R"({ a }|Q|{"a": [1]}|false)"));
}

TEST_F(EndpointTest, TakesNullForNothing) {
  EXPECT_EQ(post(R"({"query":"{ a }","operationName":null,"variables":null,"extensions":null})").status, 200);
  EXPECT_THAT(executed, ::testing::ElementsAre("{ a }|||false"));
}

TEST_F(EndpointTest, ExecutesAGetThatMayOnlyRead) {
  EXPECT_EQ(get("query=%7B+a%20%7D&operationName=Q&variables=%7B%22a%22%3A1%7D&other=x").status, 200);
  EXPECT_EQ(get("query={a}&operationName=&variables=&extensions=").status, 200);
  EXPECT_THAT(executed, ::testing::ElementsAre(R"({ a }|Q|{"a":1}|true)", "{a}|||true"));
}

TEST_F(EndpointTest, AsksForAPostWhereAGetMeantAMutation) {
  refused = refusal_of(405);
  for (const auto* accept : {json_type, response_type}) {
    const auto answer = get("query=mutation{a}", accept);
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(field(answer, "Allow"), "POST");
  }
}

TEST_F(EndpointTest, RefusesWhatIsNotWellFormed) {
  for (const std::string body : {"",
                                 "{",
                                 "nonsense",
                                 "1",
                                 "\"a\"",
                                 "null",
                                 "{}",
                                 R"({"qeury":"{a}"})",
                                 R"({"query":null})",
                                 R"({"query":1})",
                                 R"({"query":["{a}"]})",
                                 R"({"query":"{a}","operationName":1})",
                                 R"({"query":"{a}","variables":[1]})",
                                 R"({"query":"{a}","variables":"{}"})",
                                 R"({"query":"{a}","extensions":"{}"})",
                                 R"({"query":"{a}","extensions":{"persistedQuery":1}})",
                                 R"({"query":"{a}","extensions":{"persistedQuery":{"version":2,"sha256Hash":"00"}}})",
                                 R"({"query":"{a}","extensions":{"persistedQuery":{"version":1}}})",
                                 R"({"documentId":"abc"})",
                                 R"({"documentId":"sha256:abc"})"}) {
    for (const auto* accept : {json_type, response_type}) {
      const auto answer = post(body, accept);
      EXPECT_EQ(answer.status, 400) << body;
      EXPECT_THAT(text(answer), HasSubstr("\"code\":\"BAD_REQUEST\"")) << body;
      EXPECT_THAT(field(answer, "Content-Type"), HasSubstr(accept)) << body;
    }
  }
  for (const std::string query : {"", "variables={}", "query={a}&variables=[]", "query={a}&variables=x",
                                  "query={a}&query={b}", "query=%FF", "query={a}&extensions=1"}) {
    EXPECT_EQ(get(query).status, 400) << query;
  }
  EXPECT_THAT(executed, IsEmpty());
}

TEST_F(EndpointTest, NeverExecutesWhatAWebPageMaySendAnywhere) {
  const std::string body = R"({"query":"{ a }"})";
  EXPECT_EQ(send(http::Method::post, body, {}).status, 415);
  for (const std::string type :
       {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql", "",
        "application/jsonp", "application/json; charset=utf-16", "text/plain; a=application/json"}) {
    const auto answer = send(http::Method::post, body, {{"Content-Type", type}});
    EXPECT_EQ(answer.status, 415) << type;
    EXPECT_THAT(text(answer), HasSubstr("BLST415"));
  }
  EXPECT_EQ(
      send(http::Method::post, body, {{"Content-Type", "text/plain"}, {"Content-Type", "application/json"}}).status,
      415);
  EXPECT_THAT(executed, IsEmpty());
  for (const std::string type :
       {"application/json", "APPLICATION/JSON ; Charset=\"UTF-8\"", "application/graphql+json"}) {
    EXPECT_EQ(send(http::Method::post, body, {{"Content-Type", type}}).status, 200) << type;
  }
}

TEST_F(EndpointTest, RefusesOtherMethods) {
  for (const auto method : {http::Method::head, http::Method::put, http::Method::patch, http::Method::del}) {
    const auto answer = send(method, "", {});
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(field(answer, "Allow"), "GET, POST, OPTIONS");
  }
  const auto options = send(http::Method::options, "", {});
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(field(options, "Allow"), "GET, POST, OPTIONS");
}

TEST_F(EndpointTest, RefusesWhoAcceptsNeitherType) {
  const auto answer = post(R"({"query":"{ a }"})", "text/html");
  EXPECT_EQ(answer.status, 406);
  EXPECT_THAT(executed, IsEmpty());
}

TEST_F(EndpointTest, TellsTheStageByTheStatus) {
  refused = refusal_of(400);
  EXPECT_EQ(post(R"({"query":"{"})", response_type).status, 400);
  EXPECT_EQ(post(R"({"query":"{"})", json_type).status, 200);
  refused = refusal_of(503, "2");
  for (const auto* accept : {json_type, response_type}) {
    const auto answer = post(R"({"query":"{"})", accept);
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(field(answer, "Retry-After"), "2");
  }
}

TEST_F(EndpointTest, ExecutesABatchInOrder) {
  const auto answer = post(R"([{"query":"{ a }"}, {"query":"{ b }","variables":{"x":1}}])");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(text(answer), R"([{"data":1},{"data":2}])");
  EXPECT_THAT(executed, ::testing::ElementsAre("{ a }|||false", R"({ b }||{"x":1}|false)"));
}

TEST_F(EndpointTest, RefusesABatchAsAWhole) {
  settings.batch = 2;
  for (const std::string body : {R"([])", R"([1])", R"([{"query":"{a}"},{"query":1}])",
                                 R"([{"query":"{a}"},{"query":"{a}"},{"query":"{a}"}])", R"([[{"query":"{a}"}]])"}) {
    EXPECT_EQ(post(body, json_type).status, 400) << body;
  }
  settings.batch = 1;
  EXPECT_EQ(post(R"([{"query":"{a}"}])").status, 400);
  EXPECT_THAT(executed, IsEmpty());
}

TEST_F(EndpointTest, EndsABatchWhoseAnswersAreTooLarge) {
  settings.answer_limit = 5;
  EXPECT_THAT(text(post(R"([{"query":"{ a }"},{"query":"{ b }"}])")), HasSubstr("BLST513"));
  EXPECT_EQ(executed.size(), 1U);
}

TEST_F(EndpointTest, SpeaksApollosAutomaticPersistedQueries) {
  Endpoint endpoint(settings, {}, [this](const Ask& ask, http::Request&) -> boost::asio::awaitable<Outcome> {
    executed.emplace_back(ask.query);
    return [](bool valid) -> boost::asio::awaitable<Outcome> {
      Outcome outcome;
      outcome.stage = valid ? Outcome::Stage::executed : Outcome::Stage::refused;
      outcome.status = valid ? 200 : 400;
      outcome.body = "{}";
      co_return outcome;
    }(ask.query == "{ __typename }");
  });
  const std::vector<std::pair<std::string, std::string>> fields = {{"Content-Type", "application/json"},
                                                                   {"Accept", response_type}};
  const std::string extensions =
      R"("extensions":{"persistedQuery":{"version":1,"sha256Hash":"7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b"}})";
  const auto unknown = send(endpoint, http::Method::post, "{" + extensions + "}", fields);
  EXPECT_EQ(unknown.status, 200);
  EXPECT_EQ(text(unknown),
            R"({"errors":[{"message":"PersistedQueryNotFound","extensions":{"code":"PERSISTED_QUERY_NOT_FOUND"}}]})");
  EXPECT_EQ(field(unknown, "Cache-Control"), "no-store");
  EXPECT_EQ(send(endpoint, http::Method::post, R"({"query":"{ other }",)" + extensions + "}", fields).status, 400);
  EXPECT_THAT(executed, IsEmpty());
  EXPECT_EQ(send(endpoint, http::Method::post, R"({"query":"{ __typename }",)" + extensions + "}", fields).status, 200);
  EXPECT_EQ(send(endpoint, http::Method::post, "{" + extensions + "}", fields).status, 200);
  EXPECT_EQ(send(endpoint, http::Method::get, "", {},
                 "documentId=sha256:7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b")
                .status,
            200);
  EXPECT_EQ(executed.size(), 3U);
}

TEST_F(EndpointTest, GivesTheMessageAloneWhereToldSo) {
  settings.errors = Settings::Errors::compatible;
  EXPECT_EQ(text(post("{}")), R"({"errors":[{"message":"expected a query: the text of a GraphQL document"}]})");
}

TEST_F(EndpointTest, ShowsThePageToBrowsersWhereItIsOn) {
  const std::string browser = "text/html,application/xhtml+xml,*/*;q=0.8";
  EXPECT_EQ(get("", browser).status, 400);
  settings.graphiql = true;
  const auto page = get("query={a}", browser);
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(field(page, "Content-Type"), HasSubstr("text/html"));
  EXPECT_THAT(field(page, "Content-Security-Policy"), HasSubstr("default-src 'none'; script-src 'self';"));
  EXPECT_EQ(get("query={a}", json_type).status, 200);
  EXPECT_EQ(executed.size(), 1U);
}

}  // namespace
}  // namespace ballast::graphql
