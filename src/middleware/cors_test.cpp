#include "middleware/cors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "middleware/test_chain.hpp"

namespace ballast::middleware {
namespace {

using testing::HasSubstr;

http::Response answer(CorsSettings settings, http::Request request) {
  auto cors = Cors::make(std::move(settings));
  EXPECT_TRUE(cors) << cors.error().message;
  return run(chain_of(*std::move(cors)), request, answering(200));
}
http::Request preflight(std::string_view origin, std::string_view headers = "authorization,x-custom") {
  http::Request request = get(
      "/x",
      {{"Origin", origin}, {"Access-Control-Request-Method", "PATCH"}, {"Access-Control-Request-Headers", headers}});
  request.method = http::Method::options;
  return request;
}
bool matches(std::string_view pattern, std::string_view origin) {
  const auto parsed = OriginPattern::parse(pattern);
  EXPECT_TRUE(parsed) << pattern;
  return parsed->matches(origin);
}

TEST(OriginPattern, MatchesAnExactOriginAndNoOther) {
  EXPECT_TRUE(matches("https://app.example.com", "https://app.example.com"));
  for (const char* other :
       {"http://app.example.com", "https://app.example.com:8443", "https://app.example.com.evil.net",
        "https://xapp.example.com", "https://app.example.co", "null", ""}) {
    EXPECT_FALSE(matches("https://app.example.com", other)) << other;
  }
}

TEST(OriginPattern, MatchesSubdomainsOfAnyDepthButNotTheDomain) {
  EXPECT_TRUE(matches("https://*.example.com", "https://a.example.com"));
  EXPECT_TRUE(matches("https://*.example.com", "https://a.b.example.com"));
  for (const char* other :
       {"https://example.com", "https://.example.com", "https://evilexample.com", "https://evil.net/.example.com",
        "https://evil.net#.example.com", "https://evil.net:1@x.example.com", "https://a..example.com",
        "https://a.example.com:444"}) {
    EXPECT_FALSE(matches("https://*.example.com", other)) << other;
  }
}

TEST(OriginPattern, MatchesAnyPort) {
  EXPECT_TRUE(matches("http://localhost:*", "http://localhost:5173"));
  EXPECT_TRUE(matches("http://localhost:*", "http://localhost"));
  EXPECT_TRUE(matches("http://[::1]:*", "http://[::1]:3000"));
  EXPECT_FALSE(matches("http://localhost:*", "http://localhost:x"));
  EXPECT_FALSE(matches("http://localhost:*", "http://localhost.evil.net:80"));
}

TEST(OriginPattern, LeavesOutTheSchemesOwnPort) {
  EXPECT_TRUE(matches("https://example.com:443", "https://example.com"));
  EXPECT_TRUE(matches("HTTP://Example.com:80", "http://example.com"));
}

TEST(OriginPattern, RefusesWhatIsNoOrigin) {
  for (const char* bad : {"", "example.com", "https://", "https://*", "https://*example.com", "https://a.*.com", "*",
                          "https://example.com/", "https://example.com/path", "https://user@example.com", "://x",
                          "https://example.com:port", "https://example.com:123456", "https://a b"}) {
    EXPECT_FALSE(OriginPattern::parse(bad)) << bad;
  }
}

TEST(Cors, LetsAnAllowedOriginReadTheAnswer) {
  const auto response = answer({.allowed_origins = {"https://a.com"}}, get("/x", {{"Origin", "https://a.com"}}));
  EXPECT_EQ(field(response, "Access-Control-Allow-Origin"), "https://a.com");
  EXPECT_THAT(field(response, "Access-Control-Expose-Headers"), HasSubstr("Content-Range"));
  EXPECT_EQ(field(response, "Vary"), "Origin");
  EXPECT_EQ(field(response, "Access-Control-Allow-Credentials"), "none");
}

TEST(Cors, SaysNothingToOthersButThatTheAnswerVaries) {
  for (const auto& request : {get("/x", {{"Origin", "https://b.com"}}), get("/x")}) {
    const auto response = answer({.allowed_origins = {"https://a.com"}}, request);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(field(response, "Access-Control-Allow-Origin"), "none");
    EXPECT_EQ(field(response, "Vary"), "Origin");
  }
}

TEST(Cors, AnswersPreflightsItself) {
  const auto response = answer({.allowed_origins = {"https://a.com"}}, preflight("https://a.com"));
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(field(response, "Access-Control-Allow-Origin"), "https://a.com");
  EXPECT_THAT(field(response, "Access-Control-Allow-Methods"), HasSubstr("PATCH"));
  EXPECT_EQ(field(response, "Access-Control-Allow-Headers"), "authorization,x-custom");
  EXPECT_EQ(field(response, "Access-Control-Max-Age"), "86400");
  EXPECT_EQ(field(response, "Vary"), "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
}

TEST(Cors, PassesPreflightsOfOthersOn) {
  const auto response = answer({.allowed_origins = {"https://a.com"}}, preflight("https://b.com"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(field(response, "Access-Control-Allow-Origin"), "none");
}

TEST(Cors, DoesNotEchoWhatIsNoListOfNames) {
  const auto response = answer({.allowed_origins = {"https://a.com"}}, preflight("https://a.com", "x\"><script>"));
  EXPECT_EQ(field(response, "Access-Control-Allow-Headers"), "none");
}

TEST(Cors, AllowsEverybodyWithoutVarying) {
  const auto response = answer({.allowed_origins = {"*"}}, get("/x", {{"Origin", "https://b.com"}}));
  EXPECT_EQ(field(response, "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(field(response, "Vary"), "none");
}

TEST(Cors, AllowsCredentialsForListedOriginsAlone) {
  const CorsSettings listed{.allowed_origins = {"https://a.com"}, .allow_credentials = true};
  EXPECT_EQ(field(answer(listed, get("/x", {{"Origin", "https://a.com"}})), "Access-Control-Allow-Credentials"),
            "true");
  EXPECT_EQ(field(answer(listed, get("/x", {{"Origin", "https://b.com"}})), "Access-Control-Allow-Credentials"),
            "none");
}

TEST(Cors, RefusesEverybodyWithCredentials) {
  const auto refused = Cors::make({.allowed_origins = {"https://a.com", "*"}, .allow_credentials = true});
  EXPECT_THAT(refused.error().message, HasSubstr("cannot be combined"));
}

TEST(Cors, DoesNotAllowTheOriginNull) {
  const auto response = answer({.allowed_origins = {"https://a.com"}}, get("/x", {{"Origin", "null"}}));
  EXPECT_EQ(field(response, "Access-Control-Allow-Origin"), "none");
}

}  // namespace
}  // namespace ballast::middleware
