#include "rest/session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::rest {
namespace {

std::string setting(const storage::Session& session, std::string_view name) {
  for (const auto& [key, value] : session.settings) {
    if (key == name) return value;
  }
  return "missing";
}

TEST(Session, TellsTheDatabaseWhoAsksForWhat) {
  http::Request request;
  request.method = http::Method::get;
  request.method_name = "GET";
  request.headers.add("User-Agent", "curl \"x\"");
  request.headers.add("Cookie", "a=1; b=two=2");
  request.principal.role = "author";
  request.principal.claims_json = R"({"role":"author","id":7})";
  Settings settings;
  settings.search_path = {"public", "odd\"name"};
  settings.pre_request = "api.check";
  const auto session = session_of(request, "/items", "v1", "anon", settings);
  EXPECT_EQ(setting(session, "search_path"), R"("v1", "public", "odd""name")");
  EXPECT_EQ(setting(session, "role"), "author");
  EXPECT_EQ(setting(session, "request.jwt.claims"), R"({"role":"author","id":7})");
  EXPECT_EQ(setting(session, "request.method"), "GET");
  EXPECT_EQ(setting(session, "request.path"), "/items");
  EXPECT_EQ(setting(session, "request.headers"), R"({"user-agent":"curl \"x\""})");
  EXPECT_EQ(setting(session, "request.cookies"), R"({"a":"1","b":"two=2"})");
  EXPECT_EQ(session.pre_request, R"("api"."check")");
}

TEST(Session, GivesACallerWithoutARoleTheAnonymousOne) {
  http::Request request;
  const auto nobody = session_of(request, "/items", "public", "anon", {});
  EXPECT_EQ(setting(nobody, "role"), "anon");
  EXPECT_EQ(setting(nobody, "request.jwt.claims"), R"({"role":"anon"})");
  request.principal.claims_json = R"({"sub":"me"})";
  EXPECT_EQ(setting(session_of(request, "/", "public", "anon", {}), "request.jwt.claims"),
            R"({"sub":"me","role":"anon"})");
}

TEST(Session, PutsTheTransactionsHeadersAndStatusIntoTheAnswer) {
  http::Response response;
  response.set("Content-Type", "application/json");
  ASSERT_TRUE(
      apply({R"([{"Content-Type":"text/x"},{"Set-Cookie":"a=1"},{"Set-Cookie":"b=2"}])", "418"}, response).ok());
  EXPECT_EQ(response.status, 418);
  EXPECT_EQ(*response.find("Content-Type"), "text/x");
  EXPECT_THAT(response.headers, ::testing::Contains(std::pair<std::string, std::string>("Set-Cookie", "b=2")));
}

TEST(Session, RefusesHeadersAndStatusesThatAreNone) {
  http::Response response;
  for (const char* bad : {"x", "{}", "[1]", R"([{"a":1}])", R"([{"a":"b","c":"d"}])", R"([{"a":"b\r\nc: d"}])"}) {
    const auto refused = apply({bad, ""}, response);
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_EQ(refused.error().code, "PGRST111");
  }
  EXPECT_EQ(apply({"", "9x"}, response).error().code, "PGRST112");
}

}  // namespace
}  // namespace ballast::rest
