#include "http/response.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/serialize.hpp"

namespace ballast::http {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::Pair;

TEST(Response, ReplacesEveryFieldOfThatName) {
  Response response;
  response.add("Link", "a");
  response.add("X", "b");
  response.add("link", "c");
  response.set("LINK", "d");
  EXPECT_THAT(response.headers, testing::ElementsAre(Pair("Link", "d"), Pair("X", "b")));
}

TEST(Response, ListsEachVaryTokenOnce) {
  Response response;
  response.vary("Origin");
  response.vary("Accept-Encoding");
  response.vary("origin");
  EXPECT_EQ(*response.find("vary"), "Origin, Accept-Encoding");
}

TEST(Response, LeavesVaryAnythingAlone) {
  Response response;
  response.add("Vary", "*");
  response.vary("Origin");
  EXPECT_EQ(*response.find("Vary"), "*");
}

TEST(ProblemResponse, FollowsRfc9457) {
  const Response response = problem_response(
      make_error(404, "BLST404", "no \"such\" path").with_hint("look elsewhere").with_header("X-A", "b"));
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(*response.find("Content-Type"), "application/problem+json");
  EXPECT_EQ(*response.find("X-A"), "b");
  EXPECT_EQ(std::get<std::string>(response.body),
            R"({"type":"about:blank","title":"Not Found","status":404,"detail":"no \"such\" path",)"
            R"("code":"BLST404","hint":"look elsewhere"})");
}

std::string head_of(const Response& response, const HeadFacts& facts) {
  std::string out;
  append_head(out, response, facts);
  return out;
}

TEST(AppendHead, WritesStatusFieldsDateAndLength) {
  Response response;
  response.status = 201;
  response.add("Location", "/a");
  EXPECT_EQ(head_of(response, {.date = "D", .length = 12}),
            "HTTP/1.1 201 Created\r\nLocation: /a\r\nDate: D\r\nContent-Length: 12\r\n\r\n");
}

TEST(AppendHead, SaysWhatTheClientsVersionDoesNotImply) {
  EXPECT_THAT(head_of({}, {.keep_alive = false}), HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(head_of({}, {.http11 = false}), HasSubstr("Connection: keep-alive\r\n"));
  EXPECT_THAT(head_of({}, {}), Not(HasSubstr("Connection")));
}

TEST(AppendHead, SaysNothingAboutABodyThatCannotBe) {
  EXPECT_THAT(head_of({.status = 204}, {.framing = Framing::none}), Not(HasSubstr("Content-Length")));
}

TEST(AppendHead, LetsNoValueStartAFieldOfItsOwn) {
  Response response;
  response.add("X", "a\r\nSet-Cookie: b");
  EXPECT_THAT(head_of(response, {}), HasSubstr("X: a  Set-Cookie: b\r\n"));
}

TEST(AppendHead, DropsTheFieldsThatAreTheSessions) {
  Response response;
  response.add("content-length", "7");
  response.add("Transfer-Encoding", "gzip");
  response.add("Connection", "upgrade");
  EXPECT_EQ(head_of(response, {.date = "D", .length = 1}), "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 1\r\n\r\n");
}

TEST(HttpDate, IsAnImfFixdate) {
  EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

}  // namespace
}  // namespace ballast::http
