#include "middleware/chain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/test_tokens.hpp"
#include "middleware/test_chain.hpp"
#include "observe/test_sink.hpp"

namespace ballast::middleware {
namespace {

using testing::HasSubstr;
using testing::Not;

class WholeChain : public testing::Test {
 protected:
  WholeChain() { auth_.jwt_secret = auth::test_secret; }
  Result<http::Chain> make() {
    return make_chain(Dependencies{clock_, log_, metrics_, render, "anon", settings_, auth_});
  }
  http::Response ask(http::Request& request, const http::Handler& handler = answering(200)) {
    const auto chain = make();
    EXPECT_TRUE(chain) << chain.error().message;
    return run(*chain, request, handler);
  }

  FakeClock clock_;
  std::shared_ptr<observe::TestSink> sink_ = std::make_shared<observe::TestSink>();
  observe::Logger log_{observe::LogSettings{}, sink_, clock_};
  observe::Metrics metrics_;
  Settings settings_;
  auth::Settings auth_;
};

TEST_F(WholeChain, LeavesOutWhatIsSwitchedOff) {
  EXPECT_EQ(make()->size(), 7U);
  settings_.observe.access_log = AccessLog::off;
  settings_.compression.enabled = false;
  settings_.deadline.client_header = false;
  EXPECT_EQ(make()->size(), 4U);
  settings_.cors.allowed_origins = {"*"};
  settings_.rate_limit.requests = 10;
  settings_.body_limit.by_type = {{"text/csv", 1}};
  EXPECT_EQ(make()->size(), 7U);
}

TEST_F(WholeChain, CountsLogsAndNamesARequestThatFailed) {
  settings_.cors.allowed_origins = {"https://a.com"};
  http::Request request = get("/x", {{"X-Request-Id", "r1"}, {"Origin", "https://a.com"}});
  const auto response = ask(request, [](http::Request&) -> http::Reply { throw std::runtime_error("boom"); });
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(field(response, "X-Request-Id"), "r1");
  EXPECT_EQ(field(response, "Access-Control-Allow-Origin"), "https://a.com");
  EXPECT_THAT(sink_->text(), HasSubstr("\"status\":500"));
  EXPECT_THAT(metrics_.render(), HasSubstr("status=\"500\"} 1"));
}

TEST_F(WholeChain, LetsScriptsReadThatTheirTokenExpired) {
  settings_.cors.allowed_origins = {"https://a.com"};
  const std::string token = "Bearer " + auth::hmac_token(R"({"exp":1})");
  http::Request request = get("/x", {{"Origin", "https://a.com"}, {"Authorization", token}});
  const auto response = ask(request);
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(field(response, "Access-Control-Allow-Origin"), "https://a.com");
  EXPECT_THAT(sink_->text(), Not(HasSubstr(token.substr(7))));
}

TEST_F(WholeChain, AnswersPreflightsWithoutCredentials) {
  settings_.cors.allowed_origins = {"https://a.com"};
  http::Request request = get("/x", {{"Origin", "https://a.com"}, {"Access-Control-Request-Method", "POST"}});
  request.method = http::Method::options;
  const auto chain = make_chain(Dependencies{clock_, log_, metrics_, render, "", settings_, auth_});
  EXPECT_EQ(run(*chain, request, answering(200)).status, 204);
}

TEST_F(WholeChain, TellsTheHandlerWhoAsks) {
  const std::string token = "Bearer " + auth::hmac_token(R"({"role":"author"})");
  http::Request request = get("/x", {{"Authorization", token}});
  ask(request, [](http::Request& r) { return http::ready(http::json_response(200, r.principal.role)); });
  EXPECT_EQ(request.principal.role, "author");
  EXPECT_THAT(sink_->text(), HasSubstr("\"role\":\"author\""));
}

TEST_F(WholeChain, ChargesTheUserAndNotTheAddress) {
  settings_.rate_limit.requests = 1;
  const auto chain = make();
  for (const char* subject : {"u1", "u2"}) {
    const std::string token =
        "Bearer " + auth::hmac_token(R"({"role":"author","sub":")" + std::string(subject) + "\"}");
    http::Request request = get("/x", {{"Authorization", token}});
    EXPECT_EQ(run(*chain, request, answering(200)).status, 200);
  }
}

TEST_F(WholeChain, RefusesContradictorySettings) {
  settings_.cors = {.allowed_origins = {"*"}, .allow_credentials = true};
  EXPECT_THAT(make().error().message, HasSubstr("cors.allowed_origins"));
  settings_.cors = {};
  auth_.jwt_secret = "short";
  EXPECT_THAT(make().error().message, HasSubstr("jwt.secret"));
}

}  // namespace
}  // namespace ballast::middleware
