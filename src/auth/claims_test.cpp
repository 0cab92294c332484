#include "auth/claims.hpp"

#include <gtest/gtest.h>

namespace ballast::auth {
namespace {

using std::chrono::seconds;

constexpr WallTime now{seconds(1'700'000'000)};

/// "ok" or the refusal's message.
std::string check(std::string_view payload, const Settings& settings = {}) {
  const auto claims = parse_claims(payload, settings);
  if (!claims) return claims.error().message;
  const auto held = claims->check(now, settings.jwt_clock_skew);
  return held ? "ok" : held.error().message;
}
Settings audience(std::string wanted) {
  Settings settings;
  settings.jwt_audience = std::move(wanted);
  return settings;
}

TEST(Claims, AllowThirtySecondsOfSkew) {
  EXPECT_EQ(check(R"({"exp":1699999970})"), "ok");
  EXPECT_EQ(check(R"({"exp":1699999969})"), "JWT expired");
  EXPECT_EQ(check(R"({"nbf":1700000030})"), "ok");
  EXPECT_EQ(check(R"({"nbf":1700000031})"), "JWT not yet valid");
  EXPECT_EQ(check(R"({"iat":1700000030})"), "ok");
  EXPECT_EQ(check(R"({"iat":1700000031})"), "JWT issued at future");
}

TEST(Claims, OfTheWrongTypeAreNamed) {
  EXPECT_EQ(check(R"({"exp":"soon"})"), "The JWT 'exp' claim must be a number");
  EXPECT_EQ(check(R"({"nbf":{}})"), "The JWT 'nbf' claim must be a number");
  EXPECT_EQ(check(R"({"iat":"invalid"})"), "The JWT 'iat' claim must be a number");
  EXPECT_EQ(check(R"({"aud":5})"), "The JWT 'aud' claim must be a string or an array of strings");
  EXPECT_EQ(check(R"({"aud":["a",5]})"), "The JWT 'aud' claim must be a string or an array of strings");
}

TEST(Claims, OfTimeMayBeNullOrFractions) { EXPECT_EQ(check(R"({"exp":null,"iat":1699999999.5})"), "ok"); }

TEST(Claims, AcceptAnyAudienceUnlessOneIsSet) {
  EXPECT_EQ(check(R"({"aud":"elsewhere"})"), "ok");
  EXPECT_EQ(check(R"({"aud":""})"), "ok");
}

TEST(Claims, MatchTheAudience) {
  EXPECT_EQ(check(R"({"aud":"us"})", audience("us")), "ok");
  EXPECT_EQ(check(R"({"aud":["them","us"]})", audience("us")), "ok");
  EXPECT_EQ(check(R"({"aud":"them"})", audience("us")), "JWT not in audience");
  EXPECT_EQ(check(R"({"aud":["them"]})", audience("us")), "JWT not in audience");
}

TEST(Claims, WithoutAnAudienceSpeakToEverybody) {
  for (const char* payload : {"{}", R"({"aud":null})", R"({"aud":[]})"}) {
    EXPECT_EQ(check(payload, audience("us")), "ok") << payload;
  }
}

TEST(Claims, MustNameTheIssuerWhenOneIsSet) {
  Settings settings;
  settings.jwt_issuer = "https://id.example.com";
  EXPECT_EQ(check(R"({"iss":"https://id.example.com"})", settings), "ok");
  EXPECT_EQ(check(R"({"iss":"https://evil.example.com"})", settings), "JWT issuer not accepted");
  EXPECT_EQ(check("{}", settings), "JWT issuer not accepted");
}

TEST(Claims, HoldEachNameOnceSoThatNoReaderSeesAnother) {
  const auto claims = parse_claims(R"({"role":"a", "x":1.50 ,"role":"b"})", {});
  EXPECT_EQ(claims->json, R"({"role":"b","x":1.50})");
}

}  // namespace
}  // namespace ballast::auth
