#include "auth/authenticator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "auth/test_tokens.hpp"

namespace ballast::auth {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr std::string_view too_short_hash = "sha256:35e6f0b8a7a8bf4c5b07a51fb9d1ba52";

class Authentication : public testing::Test {
 protected:
  Authentication() { settings_.jwt_secret = test_secret; }

  std::unique_ptr<Authenticator> make(std::string anonymous = "anon") {
    auto made = Authenticator::make(settings_, std::move(anonymous), clock_, &metrics_);
    EXPECT_TRUE(made) << made.error().message;
    return *std::move(made);
  }
  void add_key(std::string name, std::string_view key, std::string role) {
    const Digest digest = sha256(key);
    std::string hex;
    for (std::size_t i = 0; i < 32; ++i) {
      const auto byte = reinterpret_cast<const unsigned char*>(digest.data())[i];
      hex += "0123456789abcdef"[byte >> 4];
      hex += "0123456789abcdef"[byte & 15];
    }
    settings_.api_keys[std::move(name)] = {"sha256:" + hex, std::move(role)};
  }
  std::uint64_t hits() { return metrics_.counter("ballast_jwt_cache_hits_total", "").value(); }

  FakeClock clock_;
  observe::Metrics metrics_;
  Settings settings_;
};

TEST_F(Authentication, MakesAPrincipalOfAToken) {
  const auto who = make()->bearer(hmac_token(R"({"role":"author","sub":"u1"})"));
  ASSERT_TRUE(who);
  EXPECT_EQ(who->role, "author");
  EXPECT_EQ(who->subject, "u1");
  EXPECT_TRUE(who->authenticated);
  EXPECT_FALSE(who->bypass);
  EXPECT_EQ(who->claims_json, R"({"role":"author","sub":"u1"})");
}

TEST_F(Authentication, GivesATokenWithoutARoleTheAnonymousOne) {
  const auto who = make()->bearer(hmac_token(R"({"id":"jdoe"})"));
  EXPECT_EQ(who->role, "anon");
  EXPECT_FALSE(who->authenticated);
}

TEST_F(Authentication, TellsTheRoleThatWasFoundAmongTheClaims) {
  EXPECT_EQ(make()->anonymous()->claims_json, R"({"role":"anon"})");
  EXPECT_EQ(make()->bearer(hmac_token(R"({"id":7})"))->claims_json, R"({"role":"anon","id":7})");
  settings_.jwt_role_claim = ".app.role";
  EXPECT_EQ(make()->bearer(hmac_token(R"({"role":"user","app":{"role":"author"}})"))->claims_json,
            R"({"role":"author","app":{"role":"author"}})");
  add_key("importer", "a long and random key", "member");
  EXPECT_EQ(make()->bearer("a long and random key")->claims_json, R"({"role":"member"})");
}

TEST_F(Authentication, LooksAtNoCredentialInDevelopmentWhileThereIsNoKey) {
  settings_ = Settings();
  EXPECT_EQ(make()->bearer("anything").error().code, "PGRST300");
  settings_.unchecked_is_anonymous = true;
  EXPECT_EQ(make()->bearer("anything")->role, "anon");
  EXPECT_EQ(make()->api_key("anything")->role, "anon");
  settings_.jwt_secret = test_secret;
  EXPECT_EQ(make()->bearer("anything").error().code, "PGRST301");
}

TEST_F(Authentication, ChecksASignatureOnce) {
  const auto auth = make();
  const std::string token = hmac_token(R"({"role":"author"})");
  EXPECT_TRUE(auth->bearer(token));
  EXPECT_TRUE(auth->bearer(token));
  EXPECT_EQ(hits(), 1U);
}

TEST_F(Authentication, ForgetsACachedTokenWhenItExpires) {
  const auto auth = make();
  const std::string token = hmac_token(R"({"exp":1700000100})");
  EXPECT_TRUE(auth->bearer(token));
  clock_.advance(std::chrono::seconds(131));
  EXPECT_EQ(auth->bearer(token).error().message, "JWT expired");
  EXPECT_EQ(auth->bearer(token).error().message, "JWT expired");
  EXPECT_EQ(hits(), 1U);
}

TEST_F(Authentication, AcceptsACachedTokenOnceItBecomesValid) {
  const auto auth = make();
  const std::string token = hmac_token(R"({"nbf":1700000100})");
  EXPECT_EQ(auth->bearer(token).error().message, "JWT not yet valid");
  clock_.advance(std::chrono::seconds(100));
  EXPECT_TRUE(auth->bearer(token));
}

TEST_F(Authentication, DoesNotCacheForgedTokens) {
  const auto auth = make();
  const std::string forged = hmac_token("{}", "anotheranotheranotheranothersafe");
  EXPECT_FALSE(auth->bearer(forged));
  EXPECT_FALSE(auth->bearer(forged));
  EXPECT_EQ(hits(), 0U);
}

TEST_F(Authentication, SaysThatNoSecretIsSet) {
  settings_.jwt_secret.clear();
  const auto refused = make()->bearer(hmac_token("{}"));
  EXPECT_EQ(refused.error().status, 500);
  EXPECT_EQ(refused.error().code, "PGRST300");
  EXPECT_EQ(refused.error().message, "Server lacks JWT secret");
}

TEST_F(Authentication, ChallengesWithTheReason) {
  const auto refused = make()->bearer(hmac_token(R"({"exp":1})"));
  EXPECT_EQ(refused.error().code, "PGRST303");
  EXPECT_THAT(
      refused.error().headers,
      ElementsAre(Pair("WWW-Authenticate", "Bearer error=\"invalid_token\", error_description=\"JWT expired\"")));
}

TEST_F(Authentication, RefusesAnonymousCallersWithoutAnAnonymousRole) {
  const auto refused = make("")->anonymous();
  EXPECT_EQ(refused.error().code, "PGRST302");
  EXPECT_THAT(refused.error().headers, ElementsAre(Pair("WWW-Authenticate", "Bearer")));
  EXPECT_EQ(make("")->bearer(hmac_token("{}")).error().code, "PGRST302");
}

TEST_F(Authentication, LetsTheServiceRoleDoEverything) {
  settings_.service_role = "service_role";
  EXPECT_TRUE(make()->bearer(hmac_token(R"({"role":"service_role"})"))->bypass);
  EXPECT_FALSE(make()->bearer(hmac_token(R"({"role":"author"})"))->bypass);
}

TEST_F(Authentication, AcceptsAnApiKeyInEitherPlace) {
  add_key("robot", "a-key-that-nobody-guesses", "member");
  const auto auth = make();
  for (const auto& who : {auth->api_key("a-key-that-nobody-guesses"), auth->bearer("a-key-that-nobody-guesses")}) {
    ASSERT_TRUE(who);
    EXPECT_EQ(who->role, "member");
    EXPECT_EQ(who->subject, "robot");
    EXPECT_TRUE(who->authenticated);
  }
}

TEST_F(Authentication, TellsApiKeysApart) {
  for (int i = 0; i < 10; ++i)
    add_key("k" + std::to_string(i), "key number " + std::to_string(i), "role" + std::to_string(i));
  const auto auth = make();
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(auth->api_key("key number " + std::to_string(i))->subject, "k" + std::to_string(i));
}

TEST_F(Authentication, RefusesUnknownApiKeys) {
  add_key("robot", "a-key-that-nobody-guesses", "member");
  const auto refused = make()->api_key("a-key-that-somebody-guessed");
  EXPECT_EQ(refused.error().status, 401);
  EXPECT_EQ(refused.error().code, "BLST401");
}

TEST_F(Authentication, TakesATokenInTheApiKeyFieldForAToken) {
  EXPECT_EQ(make()->api_key(hmac_token(R"({"role":"author"})"))->role, "author");
  EXPECT_EQ(make()->api_key(hmac_token(R"({"exp":1})")).error().message, "JWT expired");
}

TEST_F(Authentication, RefusesAMalformedKeyHash) {
  settings_.api_keys["robot"] = {std::string(too_short_hash), "member"};
  EXPECT_THAT(Authenticator::make(settings_, "anon", clock_).error().message, HasSubstr("api_keys.robot.hash"));
}

TEST_F(Authentication, RefusesTheSameKeyUnderTwoNames) {
  add_key("a", "one key", "member");
  add_key("b", "one key", "admin");
  EXPECT_THAT(Authenticator::make(settings_, "anon", clock_).error().message, HasSubstr("same hash"));
}

TEST(Digest, IsSha256) {
  EXPECT_EQ(sha256("abc"), *parse_digest("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

TEST(TokenCache, KeepsAtMostItsCapacity) {
  TokenCache cache(64);
  for (int i = 0; i < 10'000; ++i) cache.put(sha256(std::to_string(i)), std::make_shared<const Token>());
  EXPECT_EQ(cache.size(), 64U);
}

TEST(TokenCache, ForgetsWhatWasNotUsedForLongest) {
  TokenCache cache(32);  // two in each of the sixteen shards
  const auto digest = [](std::uint64_t n) { return Digest{n, 0, 0, 0}; };
  cache.put(digest(1), std::make_shared<const Token>());
  cache.put(digest(2), std::make_shared<const Token>());
  EXPECT_NE(cache.find(digest(1)), nullptr);
  cache.put(digest(3), std::make_shared<const Token>());
  EXPECT_NE(cache.find(digest(1)), nullptr);
  EXPECT_EQ(cache.find(digest(2)), nullptr);
}

TEST(TokenCache, OfNoCapacityKeepsNothing) {
  TokenCache cache(0);
  cache.put(sha256("x"), std::make_shared<const Token>());
  EXPECT_EQ(cache.size(), 0U);
}

}  // namespace
}  // namespace ballast::auth
