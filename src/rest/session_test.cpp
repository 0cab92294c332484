#include "rest/session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::rest {
namespace {

using testing::Contains;
using testing::Not;
using testing::Pair;

std::string setting(const storage::Session& session, std::string_view name) {
  for (const auto& [key, value] : session.settings) {
    if (key == name) return value;
  }
  return "missing";
}

Settings in_roles_mode() {
  Settings settings;
  settings.roles = true;
  return settings;
}

TEST(Session, TellsTheDatabaseWhoAsksForWhat) {
  http::Request request;
  request.method = http::Method::get;
  request.method_name = "GET";
  request.path = "/rest/v1/items";
  request.headers.add("User-Agent", "curl \"x\"");
  request.headers.add("Cookie", "a=1; b=two=2");
  request.principal.role = "author";
  request.principal.claims_json = R"({"role":"author","id":7})";
  Settings settings = in_roles_mode();
  settings.search_path = {"public", "odd\"name"};
  settings.pre_request = "api.check.it";
  settings.app_settings = {{"app.settings.host", "localhost"}};
  const Sessions sessions(settings, "/rest/v1");
  storage::Session session;
  sessions.write(session, request, {sessions.search_path("v1"), "Europe/Oslo", true}, "");
  using Setting = std::pair<std::string, std::string>;
  EXPECT_THAT(session.settings,
              testing::ElementsAre(
                  Setting("search_path", R"("v1", "public", "odd""name")"), Setting("role", "author"),
                  Setting("request.jwt.claims", R"({"role":"author","id":7})"), Setting("request.method", "GET"),
                  Setting("request.path", "/items"), Setting("request.headers", R"({"user-agent":"curl \"x\""})"),
                  Setting("request.cookies", R"({"a":"1","b":"two=2"})"), Setting("app.settings.host", "localhost"),
                  Setting("timezone", "Europe/Oslo"), Setting("transaction_read_only", "on")));
  EXPECT_EQ(session.pre_request, R"("api"."check.it")");
}

TEST(Session, GivesACallerWithoutARoleTheAnonymousOne) {
  storage::Session session;
  Sessions(in_roles_mode(), "").write(session, http::Request(), {}, "anon");
  EXPECT_EQ(setting(session, "role"), "anon");
  EXPECT_EQ(setting(session, "request.jwt.claims"), R"({"role":"anon"})");
  EXPECT_EQ(session.pre_request, "");
}

TEST(Session, TellsOnlyWhatTheRequestWishesWithoutRoles) {
  storage::Session session;
  Sessions({}, "").write(session, http::Request(), {"", "UTC", false}, "anon");
  EXPECT_THAT(session.settings, testing::ElementsAre(Pair("timezone", "UTC")));
}

TEST(Session, HoldsNothingOfTheRequestBefore) {
  const Sessions sessions(in_roles_mode(), "");
  http::Request rich;
  rich.headers.add("Authorization", "Bearer secret");
  rich.headers.add("Cookie", "a=1");
  rich.principal.role = "admin";
  rich.principal.claims_json = R"({"role":"admin"})";
  storage::Session reused, fresh;
  sessions.write(reused, rich, {"\"v1\"", "UTC", true}, "");
  sessions.write(reused, http::Request(), {"\"v2\""}, "anon");
  sessions.write(fresh, http::Request(), {"\"v2\""}, "anon");
  EXPECT_EQ(reused.settings, fresh.settings);
}

TEST(Session, IsLentWithoutTheAnswerBefore) {
  {
    SessionLoan loan;
    EXPECT_EQ(loan.answered(), nullptr);
    loan.answer().headers = "[]";
    loan.answer().status = "200";
  }
  SessionLoan next;
  EXPECT_EQ(next.answer().headers, "");
  EXPECT_EQ(next.answered()->status, "");
}

TEST(SessionAnswer, PutsTheTransactionsFieldsAndStatusInPlaceOfTheServers) {
  http::Response response;
  response.add("content-type", "application/json");
  response.add("Content-Range", "*/*");
  const storage::SessionAnswer answer{R"([{"Content-Type":"text/x"},{"Set-Cookie":"a=1"},{"Set-Cookie":"b=2"}])",
                                      "418"};
  ASSERT_TRUE(apply(answer, response).ok());
  EXPECT_EQ(response.status, 418);
  EXPECT_THAT(response.headers,
              testing::UnorderedElementsAre(Pair("Content-Range", "*/*"), Pair("Content-Type", "text/x"),
                                            Pair("Set-Cookie", "a=1"), Pair("Set-Cookie", "b=2")));
}

TEST(SessionAnswer, RefusesFieldsAndStatusesThatAreNone) {
  http::Response response;
  for (const char* bad :
       {"x", "{}", "[1]", R"([{"a":1}])", R"([{}])", R"([{"a":"b","c":"d"}])", R"([{"a":"b\r\nc: d"}])",
        R"([{"a b":"c"}])", R"([{"":"c"}])", R"([{"Content-Length":"1"}])", R"([{"transfer-encoding":"chunked"}])"}) {
    const auto refused = apply({bad, ""}, response);
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_EQ(refused.error().code, "PGRST111");
  }
  for (const char* bad : {"9x", "x", "99", "600", " 200", "-1"}) {
    const auto refused = apply({"", bad}, response);
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_EQ(refused.error().code, "PGRST112");
  }
  EXPECT_TRUE(response.headers.empty());
}

}  // namespace
}  // namespace ballast::rest
