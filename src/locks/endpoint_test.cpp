#include "locks/endpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "locks/memory_lease_repository.hpp"
#include "storage/test_support.hpp"

namespace ballast::locks {
namespace {

using namespace std::chrono_literals;
using storage::testing::Loop;
using testing::HasSubstr;
using testing::Not;

class EndpointTest : public testing::Test {
 protected:
  EndpointTest() {
    settings_.max_name_length = 8;
    settings_.max_leases_per_owner = 2;
    settings_.max_ttl = 60s;
    settings_.max_wait = 5s;
  }

  policy::Principal user(const std::string& subject) {
    policy::Principal principal;
    principal.role = "member";
    principal.subject = subject;
    principal.authenticated = true;
    return principal;
  }
  int ask(http::Method method, const std::string& name, const std::string& body, policy::Principal who,
          std::string_view type = "application/json") {
    const std::string target = "/locks/v1/" + name;
    http::Request request;
    request.method = method;
    const std::size_t mark = target.find('?');
    request.path = std::string_view(target).substr(0, mark);
    if (mark != std::string::npos) request.query = std::string_view(target).substr(mark + 1);
    request.body = body;
    request.principal = std::move(who);
    request.received = std::chrono::steady_clock::now();
    request.deadline = request.received + 30s;
    if (!body.empty()) request.headers.add("Content-Type", type);
    Service service(repository_, settings_);
    const Endpoint endpoint(service, settings_);
    response_ = loop_.wait(endpoint.handle(request));
    return response_.status;
  }
  int ask(http::Method method, const std::string& name, const std::string& body) {
    return ask(method, name, body, user("ann"));
  }
  std::string body() const { return std::get<std::string>(response_.body); }
  std::string refusal_of(const std::string& sent) {
    EXPECT_EQ(ask(http::Method::post, "seat", sent), 400) << sent;
    EXPECT_EQ(*response_.find("Content-Type"), "application/problem+json");
    EXPECT_THAT(body(), HasSubstr("\"code\":\"BLST810\""));
    return body();
  }

  FakeClock clock_;
  MemoryLeaseRepository repository_{clock_};
  Settings settings_;
  Loop loop_;
  http::Response response_;
};

TEST_F(EndpointTest, GivesALease) {
  EXPECT_EQ(ask(http::Method::post, "seat", R"({"ttl": 30})"), 201);
  EXPECT_EQ(body(), R"({"name":"seat","token":1,"expires_at":"2023-11-14T22:13:50.000Z"})");
}

TEST_F(EndpointTest, TellsWhenToComeBack) {
  ask(http::Method::post, "seat", R"({"ttl": 29.5})");
  EXPECT_EQ(ask(http::Method::post, "seat", "{}", user("bob")), 423);
  EXPECT_EQ(*response_.find("Retry-After"), "30");
  EXPECT_THAT(body(), HasSubstr("held by another until 2023-11-14T22:13:49.500Z"));
}

TEST_F(EndpointTest, RenewsAndReleases) {
  ask(http::Method::post, "seat", "{}");
  clock_.advance(10s);
  EXPECT_EQ(ask(http::Method::put, "seat", R"({"token":1,"ttl":60})"), 200);
  EXPECT_THAT(body(), HasSubstr(R"("token":1,"expires_at":"2023-11-14T22:14:30.000Z")"));
  EXPECT_EQ(ask(http::Method::del, "seat", R"({"token":1})"), 204);
  EXPECT_EQ(ask(http::Method::get, "seat", ""), 404);
}

TEST_F(EndpointTest, KeepsStrangersAwayFromALease) {
  ask(http::Method::post, "seat", "{}");
  EXPECT_EQ(ask(http::Method::put, "seat", R"({"token":1})", user("bob")), 403);
  EXPECT_EQ(ask(http::Method::del, "seat", R"({"token":1})", user("bob")), 403);
  EXPECT_EQ(ask(http::Method::put, "seat", R"({"token":2})", user("bob")), 403);
  auto key = user("ann");
  key.by_key = true;
  EXPECT_EQ(ask(http::Method::del, "seat", R"({"token":1})", key), 403);
  auto role = user("");
  role.role = "user:ann";
  EXPECT_EQ(ask(http::Method::del, "seat", R"({"token":1})", role), 403);
}

TEST_F(EndpointTest, ShowsTheTokenToTheOwnerAlone) {
  ask(http::Method::post, "seat", "{}");
  EXPECT_EQ(ask(http::Method::get, "seat", ""), 200);
  EXPECT_THAT(body(), HasSubstr("\"token\":1"));
  EXPECT_EQ(ask(http::Method::get, "seat", "", user("bob")), 200);
  EXPECT_EQ(body(), R"({"name":"seat","expires_at":"2023-11-14T22:13:50.000Z"})");
}

TEST_F(EndpointTest, ChecksAToken) {
  ask(http::Method::post, "seat", "{}");
  EXPECT_EQ(ask(http::Method::get, "seat?token=1", "", user("bob")), 200);
  EXPECT_EQ(body(), R"({"name":"seat","token":1})");
  EXPECT_EQ(ask(http::Method::get, "seat?token=2", ""), 412);
  EXPECT_THAT(body(), HasSubstr("BLST817"));
  for (const auto* wrong : {"seat?token=", "seat?token=0", "seat?token=1&x=2", "seat?tokens=1", "seat?token=x"}) {
    EXPECT_EQ(ask(http::Method::get, wrong, ""), 400) << wrong;
  }
  clock_.advance(31s);
  EXPECT_EQ(ask(http::Method::get, "seat?token=1", ""), 412);
}

TEST_F(EndpointTest, TellsALateHolderThatItsLeaseIsOver) {
  ask(http::Method::post, "seat", "{}");
  clock_.advance(31s);
  EXPECT_EQ(ask(http::Method::put, "seat", R"({"token":1})"), 409);
  EXPECT_THAT(body(), HasSubstr("BLST812"));
  EXPECT_EQ(ask(http::Method::del, "seat", R"({"token":1})"), 409);
}

TEST_F(EndpointTest, AsksWhoTheCallerIsUnlessToldNotTo) {
  policy::Principal anonymous;
  anonymous.role = "anon";
  EXPECT_EQ(ask(http::Method::post, "seat", "{}", anonymous), 401);
  EXPECT_THAT(body(), HasSubstr("BLST815"));
  EXPECT_EQ(*response_.find("WWW-Authenticate"), "Bearer");
  settings_.anonymous = true;
  EXPECT_EQ(ask(http::Method::post, "seat", "{}", anonymous), 201);
}

TEST_F(EndpointTest, BoundsWhatAnOwnerHolds) {
  ask(http::Method::post, "seat1", "{}");
  ask(http::Method::post, "seat2", "{}");
  EXPECT_EQ(ask(http::Method::post, "seat3", "{}"), 409);
  EXPECT_THAT(body(), HasSubstr("BLST814"));
}

TEST_F(EndpointTest, SaysWhatItExpectedInABody) {
  EXPECT_THAT(refusal_of("{\"ttl\": 30"), HasSubstr("a JSON object such as"));
  EXPECT_THAT(refusal_of("[]"), HasSubstr("a JSON object such as"));
  EXPECT_THAT(refusal_of("{\"time\": 30}"), HasSubstr("without other members"));
  EXPECT_THAT(refusal_of("{\"ttl\": \"30\"}"), HasSubstr(R"(\"ttl\" as a number of seconds from 0.1 to 60)"));
  EXPECT_THAT(refusal_of("{\"ttl\": 0}"), HasSubstr("from 0.1 to 60"));
  EXPECT_THAT(refusal_of("{\"ttl\": 60.001}"), HasSubstr("from 0.1 to 60"));
  EXPECT_THAT(refusal_of("{\"ttl\": 1e400}"), HasSubstr("from 0.1 to 60"));
  EXPECT_THAT(refusal_of("{\"wait\": -1}"), HasSubstr(R"(\"wait\" as a number of seconds from 0 to 5)"));
  EXPECT_THAT(refusal_of("{\"wait\": 6}"), HasSubstr("from 0 to 5"));
  EXPECT_THAT(refusal_of("{\"ttl\": null}"), HasSubstr("from 0.1"));
  EXPECT_THAT(refusal_of("{\"token\": 1}"), HasSubstr("without other members"));
}

TEST_F(EndpointTest, WantsATokenToRenewAndRelease) {
  for (const auto* sent :
       {"{}", R"({"token":0})", R"({"token":1.5})", R"({"token":"1"})", R"({"token":9223372036854775808})"}) {
    EXPECT_EQ(ask(http::Method::put, "seat", sent), 400) << sent;
    EXPECT_EQ(ask(http::Method::del, "seat", sent), 400) << sent;
    EXPECT_THAT(body(), HasSubstr("token"));
  }
}

TEST_F(EndpointTest, WantsJson) {
  EXPECT_EQ(ask(http::Method::post, "seat", "{}", user("ann"), "text/plain"), 415);
  EXPECT_EQ(ask(http::Method::post, "seat", ""), 415);
  EXPECT_EQ(ask(http::Method::post, "seat", "{}", user("ann"), "Application/JSON; charset=utf-8"), 201);
}

TEST_F(EndpointTest, BoundsNames) {
  for (const auto* name : {"", "123456789", "a%20b", "%C3%A9", "%00", "%"}) {
    EXPECT_EQ(ask(http::Method::post, name, "{}"), 400) << name;
    EXPECT_THAT(body(), HasSubstr("1 to 8 visible ASCII characters"));
  }
  EXPECT_EQ(ask(http::Method::post, "a/b%2Fc%3A", "{}"), 201);
  EXPECT_THAT(body(), HasSubstr(R"("name":"a/b/c:")"));
}

TEST_F(EndpointTest, ListsItsMethods) {
  EXPECT_EQ(ask(http::Method::patch, "seat", "{}"), 405);
  EXPECT_EQ(*response_.find("Allow"), "GET, HEAD, POST, PUT, DELETE, OPTIONS");
  EXPECT_EQ(ask(http::Method::options, "seat", "", {}), 204);
  EXPECT_EQ(*response_.find("Allow"), "GET, HEAD, POST, PUT, DELETE, OPTIONS");
}

}  // namespace
}  // namespace ballast::locks
