#include "batch/endpoint.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "rest/test_storage.hpp"
#include "storage/memory/fake_storage.hpp"

namespace ballast::batch {
namespace {

/// A batch whose requests are answered by what `answers` says of their method and url, or with what they are.
class BatchEndpoint : public ::testing::Test {
 protected:
  http::Response send(std::string body, std::string_view type = "application/json") {
    Surroundings around;
    around.places = {"/rest/v1", "/graphql/v1", "/batch/v1"};
    Endpoint endpoint(settings, std::move(around), storage, [this](http::Request& request) { return reply(request); });
    http::Request request;
    request.method = http::Method::post;
    request.body = std::move(body);
    request.headers.add("Content-Type", type);
    request.headers.add("X-Tenant", "7");
    request.headers.add("Prefer", "tx=rollback");
    request.principal.role = "clerk";
    request.deadline = system_clock().now() + std::chrono::seconds(10);
    return rest::testing::wait(endpoint.handle(request));
  }
  std::string text(std::string body) { return std::get<std::string>(send(std::move(body)).body); }

  storage::FakeStorage storage;
  Settings settings;
  std::vector<std::string> seen;
  std::map<std::string, http::Response> answers;

 private:
  http::Reply reply(http::Request& request) {
    std::string fields;
    for (const auto& [name, value] : request.headers.fields()) fields += fmt::format(" {}={}", name, value);
    seen.push_back(fmt::format("{} {} {} {}{}", request.method_name, request.target, request.body,
                               request.principal.role, fields));
    const auto known = answers.find(fmt::format("{} {}", request.method_name, request.path));
    return http::ready(known == answers.end() ? http::json_response(200, R"([{"id":1}])") : known->second);
  }
};

constexpr const char* two = R"({"requests":[{"id":"a","method":"GET","url":"/rest/v1/a"},
    {"id":"b","method":"POST","url":"/rest/v1/b?x=eq.{a.body[0].id}","body":{"y":{"$ref":"a.status"}},
     "headers":{"prefer":"return=minimal"}}]})";

TEST_F(BatchEndpoint, AnswersInOrderAndPassesOnWhoAsks) {
  EXPECT_EQ(text(two),
            R"({"responses":[{"id":"a","status":200,"headers":{"Content-Type":"application/json; charset=utf-8"},)"
            R"("body":[{"id":1}]},{"id":"b","status":200,"headers":{"Content-Type":"application/json; charset=utf-8"},)"
            R"("body":[{"id":1}]}]})");
  EXPECT_EQ(
      seen,
      (std::vector<std::string>{
          "GET /rest/v1/a  clerk X-Tenant=7",
          R"(POST /rest/v1/b?x=eq.1 {"y":200} clerk X-Tenant=7 Prefer=return=minimal Content-Type=application/json)"}));
  EXPECT_EQ(storage.commits, 1U);
}

TEST_F(BatchEndpoint, EndsAtTheFirstFailureWithItsStatus) {
  answers["GET /rest/v1/a"] =
      http::json_response(403, R"({"code":"42501","details":null,"hint":"ask","message":"no"})");
  const auto answer = send(two);
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(std::get<std::string>(answer.body),
            R"({"type":"about:blank","title":"Forbidden","status":403,"detail":"no","code":"42501","hint":"ask",)"
            R"("request":"a","index":0})");
  EXPECT_EQ(seen.size(), 1U);
  EXPECT_EQ(storage.commits, 0U);
}

TEST_F(BatchEndpoint, BeginsAnewWhenTheEngineDoes) {
  storage.restarts = 2;
  EXPECT_EQ(send(two).status, 200);
  EXPECT_EQ(seen.size(), 6U);
}

TEST_F(BatchEndpoint, TakesGraphqlErrorsForAFailure) {
  answers["POST /graphql/v1"] =
      http::json_response(200, R"({"data":null,"errors":[{"message":"no","extensions":{"code":"23505"}}]})");
  const auto answer = send(R"({"requests":[{"id":"g","method":"POST","url":"/graphql/v1","body":{"query":"{a}"}}]})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(std::get<std::string>(answer.body).find(R"("detail":"no","code":"23505")"), std::string::npos);
}

TEST_F(BatchEndpoint, FindsTheErrorsOfOneOfSeveralOperations) {
  answers["POST /graphql/v1"] = http::json_response(200, R"([{"data":1},{"data":null,"errors":[{"message":"no"}]}])");
  EXPECT_EQ(send(R"({"requests":[{"id":"g","method":"POST","url":"/graphql/v1","body":[]}]})").status, 400);
}

TEST_F(BatchEndpoint, AnswersWhatIsNoJsonAsText) {
  http::Response csv;
  csv.set("Content-Type", "text/csv");
  csv.body = std::string("a\n\"1\"");
  answers["GET /rest/v1/a"] = csv;
  EXPECT_NE(text(R"({"requests":[{"id":"a","method":"GET","url":"/rest/v1/a"}]})").find(R"("body":"a\n\"1\"")"),
            std::string::npos);
}

TEST_F(BatchEndpoint, TakesBodiesFromTheirSpools) {
  Spool spool({4, 1'000, {}});
  ASSERT_TRUE(spool.append("[1,2,3]").ok());
  auto answer = http::json_response(200, "");
  answer.body = std::make_shared<const Spool>(std::move(spool));
  answers["GET /rest/v1/a"] = answer;
  EXPECT_NE(text(R"({"requests":[{"id":"a","method":"GET","url":"/rest/v1/a"}]})").find(R"("body":[1,2,3])"),
            std::string::npos);
}

TEST_F(BatchEndpoint, KeepsNoMoreAnswersThanItMay) {
  settings.answer_limit = 15;
  EXPECT_EQ(send(two).status, 413);
  EXPECT_EQ(storage.commits, 0U);
}

TEST_F(BatchEndpoint, IsSentAsJson) {
  EXPECT_EQ(send(two, "text/plain").status, 415);
  EXPECT_EQ(send(two, "application/x-www-form-urlencoded").status, 415);
}

}  // namespace
}  // namespace ballast::batch
