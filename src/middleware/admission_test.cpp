// The middlewares that let a request in or not: deadline, body limit, authentication, rate limit.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/test_tokens.hpp"
#include "middleware/authentication.hpp"
#include "middleware/body_limit.hpp"
#include "middleware/deadline.hpp"
#include "middleware/local_host.hpp"
#include "middleware/rate_limit.hpp"
#include "middleware/test_chain.hpp"

namespace ballast::middleware {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

class DeadlineHeader : public testing::Test {
 protected:
  /// Milliseconds that the handler is given, or the status of a refusal, negative.
  std::int64_t given(std::string_view value) {
    http::Request request = get("/", {{"X-Request-Timeout", value}});
    const auto response = run(chain_of(std::make_unique<Deadline>(clock_, render)), request, answering(200));
    if (response.status != 200) return -response.status;
    return std::chrono::duration_cast<milliseconds>(request.deadline - request.received).count();
  }
  FakeClock clock_;
};

TEST_F(DeadlineHeader, Shortens) {
  EXPECT_EQ(given("2.5"), 2500);
  EXPECT_EQ(given("7"), 7000);
}
TEST_F(DeadlineHeader, NeverLengthens) { EXPECT_EQ(given("999999999"), 30000); }
TEST_F(DeadlineHeader, IsRefusedWhenItIsNoNumber) {
  for (const char* bad : {"", "soon", "-1", "1e3", "0x10", "1.2.3", "12345678901", "inf", "."})
    EXPECT_EQ(given(bad), -400) << bad;
}
TEST_F(DeadlineHeader, OfNoTimeAtAllIsOver) {
  EXPECT_EQ(given("0"), -504);
  clock_.advance(seconds(5));
  EXPECT_EQ(given("4"), -504);
}

TEST(LocalHost, AnswersToNamesOfThisMachineOnly) {
  const auto chain = chain_of(std::make_unique<LocalHost>(render));
  const auto status = [&](std::string_view host) {
    http::Request request = get("/", {{"Host", host}});
    return run(chain, request, answering(200)).status;
  };
  for (const char* ours :
       {"localhost", "LOCALHOST:8080", "app.localhost:80", "127.0.0.1:8080", "127.8.9.1", "[::1]:80", ""})
    EXPECT_EQ(status(ours), 200) << ours;
  for (const char* foreign : {"evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example",
                              "xlocalhost", "192.168.1.5", "[::2]"})
    EXPECT_EQ(status(foreign), 403) << foreign;
}

TEST(BodyLimit, HoldsForItsMediaTypeAlone) {
  const auto chain = chain_of(std::make_unique<BodyLimit>(BodyLimitSettings{.by_type = {{"text/csv", 10}}}, render));
  const auto status = [&](std::string_view type, std::size_t size) {
    http::Request request = get("/", {{"Content-Type", type}});
    request.body.assign(size, 'x');
    return run(chain, request, answering(200)).status;
  };
  EXPECT_EQ(status("text/csv", 10), 200);
  EXPECT_EQ(status("Text/CSV ; charset=utf-8", 11), 413);
  EXPECT_EQ(status("application/json", 11), 200);
}

class Who : public testing::Test {
 protected:
  Who() { settings_.jwt_secret = auth::test_secret; }
  /// The role that a handler sees, or status and code of the refusal.
  std::string role(std::initializer_list<http::Headers::Field> headers, std::string anonymous = "anon") {
    auto made = auth::Authenticator::make(settings_, std::move(anonymous), clock_);
    EXPECT_TRUE(made);
    http::Request request = get("/", headers);
    response_ = run(chain_of(std::make_unique<Authentication>(*std::move(made), render)), request, answering(200));
    return response_.status == 200 ? request.principal.role : std::to_string(response_.status) + body(response_);
  }

  FakeClock clock_;
  auth::Settings settings_;
  http::Response response_;
  const std::string author_ = auth::hmac_token(R"({"role":"author"})");
  const std::string anon_ = auth::hmac_token(R"({"role":"anon"})");
};

TEST_F(Who, IsAnonymousWithoutCredentials) {
  EXPECT_EQ(role({}), "anon");
  EXPECT_EQ(role({{"Authorization", "Basic dXNlcjpwYXNz"}}), "anon");
}

TEST_F(Who, ShowsABearerToken) {
  EXPECT_EQ(role({{"Authorization", "Bearer " + author_}}), "author");
  EXPECT_EQ(role({{"authorization", "bearer " + author_}}), "author");
}

TEST_F(Who, IsTheUserWhenAKeyIsSentToo) {
  EXPECT_EQ(role({{"apikey", anon_}, {"Authorization", "Bearer " + author_}}), "author");
  EXPECT_EQ(role({{"apikey", author_}}), "author");
}

TEST_F(Who, IsRefusedWithWrongCredentialsRatherThanAnonymous) {
  EXPECT_THAT(role({{"Authorization", "Bearer"}}), HasSubstr("401"));
  EXPECT_THAT(role({{"Authorization", "Bearer a.b.c"}}), HasSubstr("PGRST301"));
  EXPECT_EQ(field(response_, "WWW-Authenticate"),
            "Bearer error=\"invalid_token\", error_description=\"JWT cryptographic operation failed\"");
  EXPECT_THAT(role({{"apikey", "guess"}}), HasSubstr("BLST401"));
}

TEST_F(Who, IsRefusedWithTwoAuthorizations) {
  EXPECT_THAT(role({{"Authorization", "Bearer " + author_}, {"Authorization", "Bearer " + anon_}}),
              HasSubstr("PGRST301"));
}

TEST_F(Who, MustBeKnownWithoutAnAnonymousRole) {
  EXPECT_THAT(role({}, ""), HasSubstr("PGRST302"));
  EXPECT_EQ(field(response_, "WWW-Authenticate"), "Bearer");
}

class Quota : public testing::Test {
 protected:
  RateLimitSettings settings_{.requests = 3, .window = seconds(60), .max_callers = 100};
  FakeClock clock_;
};

TEST_F(Quota, AllowsABurstAndThenRefuses) {
  RateLimiter limiter(settings_);
  for (std::uint32_t left : {2U, 1U, 0U}) {
    const auto verdict = limiter.take("a", clock_.now());
    EXPECT_TRUE(verdict.allowed);
    EXPECT_EQ(verdict.remaining, left);
  }
  const auto refused = limiter.take("a", clock_.now());
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_in, seconds(20));
}

TEST_F(Quota, FillsEvenly) {
  RateLimiter limiter(settings_);
  for (int i = 0; i < 3; ++i) limiter.take("a", clock_.now());
  clock_.advance(seconds(20));
  EXPECT_TRUE(limiter.take("a", clock_.now()).allowed);
  EXPECT_FALSE(limiter.take("a", clock_.now()).allowed);
  clock_.advance(seconds(60));
  EXPECT_EQ(limiter.take("a", clock_.now()).remaining, 2U);
}

TEST_F(Quota, IsNotSpentByRefusals) {
  RateLimiter limiter(settings_);
  for (int i = 0; i < 50; ++i) limiter.take("a", clock_.now());
  clock_.advance(seconds(20));
  EXPECT_TRUE(limiter.take("a", clock_.now()).allowed);
}

TEST_F(Quota, IsEachCallersOwn) {
  RateLimiter limiter(settings_);
  for (int i = 0; i < 4; ++i) limiter.take("a", clock_.now());
  EXPECT_TRUE(limiter.take("b", clock_.now()).allowed);
}

TEST_F(Quota, RemembersABoundedNumberOfCallers) {
  RateLimiter limiter(settings_);
  for (int i = 0; i < 10'000; ++i) limiter.take(std::to_string(i), clock_.now());
  EXPECT_LE(limiter.size(), 112U);
}

TEST_F(Quota, IsReportedAndEnforced) {
  const auto chain = chain_of(std::make_unique<RateLimit>(settings_, clock_, render));
  http::Request request = get("/");
  const auto first = run(chain, request, answering(200));
  EXPECT_EQ(field(first, "RateLimit-Policy"), "\"default\";q=3;w=60");
  EXPECT_EQ(field(first, "RateLimit"), "\"default\";r=2;t=20");
  for (int i = 0; i < 2; ++i) run(chain, request, answering(200));
  const auto refused = run(chain, request, answering(200));
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(field(refused, "Retry-After"), "20");
  EXPECT_EQ(field(refused, "RateLimit"), "\"default\";r=0;t=60");
  EXPECT_THAT(body(refused), HasSubstr("BLST429"));
}

TEST(Caller, IsTheSubjectOrTheAddressByNetwork) {
  std::string a;
  std::string b;
  http::Request request = get("/");
  caller_of(request, a);
  EXPECT_EQ(a, "a:127.0.0.1");

  request.peer_address = "2001:db8:1:2:3:4:5:6";
  caller_of(request, a);
  request.peer_address = "2001:db8:1:2:ffff::1";
  caller_of(request, b);
  EXPECT_EQ(a, b);
  request.peer_address = "2001:db8:1:3::1";
  caller_of(request, b);
  EXPECT_NE(a, b);

  request.peer_address = "::ffff:192.0.2.7";
  caller_of(request, a);
  EXPECT_EQ(a, "a:192.0.2.7") << "IPv4 through a socket for both versions";

  request.principal.role = "member";
  request.principal.subject = "u1";
  caller_of(request, a);
  EXPECT_EQ(a, "s:member:u1");
  request.principal.by_key = true;
  caller_of(request, b);
  EXPECT_NE(a, b);
}

}  // namespace
}  // namespace ballast::middleware
