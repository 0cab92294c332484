#include "http/parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::http {
namespace {

Settings small_limits() {
  Settings settings;
  settings.header_limit = 1024;
  settings.header_count_limit = 8;
  settings.target_limit = 64;
  settings.body_limit = 32;
  return settings;
}

struct Outcome {
  Parser::State state = Parser::State::incomplete;
  int status = 0;
  std::string message;
  std::string body;
  std::size_t used = 0;
};

/// Parses `text`, shown `step` more bytes at a time; the block moves each time when `moving`.
Outcome parse(Request& request, Parser& parser, std::string_view text, std::size_t step, std::string& block) {
  Outcome outcome;
  parser.reset();
  std::size_t shown = 0;
  while (outcome.state == Parser::State::incomplete && shown < text.size()) {
    shown = std::min(shown + step, text.size());
    block.assign(text.substr(0, shown));
    outcome.state = parser.header(block);
  }
  if (outcome.state == Parser::State::complete) {
    outcome.used = parser.header_size();
    if (parser.chunked()) {
      outcome.state = Parser::State::incomplete;
      std::string window(text.substr(outcome.used, shown - outcome.used));
      for (;;) {
        std::size_t used = 0;
        outcome.state = parser.chunks(window, used);
        window.erase(0, used);
        outcome.used += used;
        if (outcome.state != Parser::State::incomplete || shown == text.size()) break;
        const std::size_t more = std::min(step, text.size() - shown);
        window += text.substr(shown, more);
        shown += more;
      }
    }
  }
  if (outcome.state == Parser::State::refused) {
    outcome.status = parser.error().status;
    outcome.message = parser.error().message;
  }
  outcome.body = request.body;
  return outcome;
}

struct Case {
  const char* name;
  std::string text;
  int status;  // 0: accepted
};

std::string get_with(std::string_view fields) { return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n"; }
std::string post_with(std::string_view fields, std::string_view body) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n" + std::string(body);
}
std::string target(std::string_view text) { return "GET " + std::string(text) + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"a plain request", get_with(""), 0},
      {"an empty line before it", "\r\n" + get_with(""), 0},
      {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", 0},
      {"an unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 0},
      {"an absolute target", target("http://example.com/a?b=c"), 0},
      {"an absolute target without path", target("http://example.com"), 0},
      {"OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 0},
      {"an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 0},
      {"a Host with a port", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 0},
      {"bytes above 0x7f in a value", get_with("X: \xc3\xa9\r\n"), 0},
      {"raw UTF-8 in the target", target("/\xc3\xa9"), 0},
      {"chunks", post_with("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n"), 0},
      {"chunked in capitals", post_with("Transfer-Encoding: CHUNKED\r\n", "0\r\n\r\n"), 0},
      {"trailers", post_with("Transfer-Encoding: chunked\r\n", "1\r\na\r\n0\r\nX-Sum: 1\r\n\r\n"), 0},
      {"an expectation of 100", post_with("Expect: 100-continue\r\nContent-Length: 1\r\n", ""), 0},

      {"no method", " / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a tab", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"rubbish behind the version", "GET / HTTP/1.1 x\r\nHost: a\r\n\r\n", 400},
      {"no version", "GET /\r\nHost: a\r\n\r\n", 400},
      {"lower case http", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
      {"bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
      {"bare LF after a field", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400},
      {"bare CR in a value", get_with("X: a\rb\r\n"), 400},
      {"NUL in a value", get_with(std::string("X: a\0b\r\n", 8)), 400},
      {"a TLS greeting", std::string("\x16\x03\x01\x02\x00\x01\x00\x01", 8), 400},
      {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"HTTP/0.9", "GET / HTTP/0.9\r\n\r\n", 505},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},

      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
      {"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n", 400},
      {"a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"a Host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
      {"a space before the colon", get_with("X : a\r\n"), 400},
      {"an empty field name", get_with(": a\r\n"), 400},
      {"a folded field", get_with("X: a\r\n b\r\n"), 400},
      {"a folded field whose first line is empty", get_with("X:\r\n b\r\n"), 400},
      {"a folded field of spaces only", get_with("X: a\r\n \r\n"), 400},
      {"a field that starts with a space", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},

      {"Content-Length and Transfer-Encoding",
       post_with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {"Transfer-Encoding and Content-Length",
       post_with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400},
      {"two different lengths", post_with("Content-Length: 1\r\nContent-Length: 2\r\n", "ab"), 400},
      {"two equal lengths", post_with("Content-Length: 1\r\nContent-Length: 1\r\n", "a"), 400},
      {"a list of lengths", post_with("Content-Length: 1, 1\r\n", "a"), 400},
      {"a negative length", post_with("Content-Length: -1\r\n", ""), 400},
      {"a length with a plus", post_with("Content-Length: +1\r\n", "a"), 400},
      {"a hexadecimal length", post_with("Content-Length: 0x1\r\n", "a"), 400},
      {"an empty length", post_with("Content-Length: \r\n", ""), 400},
      {"a length beyond 64 bits", post_with("Content-Length: 99999999999999999999\r\n", ""), 400},
      {"two codings", post_with("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501},
      {"another coding", post_with("Transfer-Encoding: gzip\r\n", ""), 400},
      {"chunked not last", post_with("Transfer-Encoding: chunked, identity\r\n", ""), 400},
      {"chunked twice", post_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {"a quoted chunked", post_with("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), 400},
      {"an empty coding", post_with("Transfer-Encoding:\r\n", ""), 400},
      {"chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"a chunk without a size", post_with("Transfer-Encoding: chunked\r\n", "\r\nhello\r\n0\r\n\r\n"), 400},
      {"a chunk size with 0x", post_with("Transfer-Encoding: chunked\r\n", "0x5\r\nhello\r\n0\r\n\r\n"), 400},
      {"a chunk that is too long", post_with("Transfer-Encoding: chunked\r\n", "3\r\nhello\r\n0\r\n\r\n"), 400},
      {"a chunk size that overflows",
       post_with("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\nhello\r\n0\r\n\r\n"), 400},
      {"bare LF in chunks", post_with("Transfer-Encoding: chunked\r\n", "5\nhello\n0\n\n\r\n\r\n"), 400},
      {"a length in the trailer", post_with("Transfer-Encoding: chunked\r\n", "0\r\nContent-Length: 5\r\n\r\n"), 400},
      {"another expectation", post_with("Expect: 200-ok\r\nContent-Length: 1\r\n", "a"), 417},

      {"CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405},
      {"GET *", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"a relative target", target("a/b"), 400},
      {"another scheme", target("ftp://a/b"), 400},
      {"an absolute target with a user", target("http://me@a/b"), 400},
      {"an absolute target without a host", target("http:///b"), 400},
      {"a fragment", target("/a#b"), 400},
      {"a cut percent sequence", target("/a%2"), 400},
      {"a percent sequence of no digits", target("/a?b=%zz"), 400},
      {"an encoded NUL", target("/a?b=%00"), 400},

      {"a long target", target("/" + std::string(64, 'a')), 414},
      {"a longer target", target("/" + std::string(600, 'a')), 414},
      {"a long header", get_with("X: " + std::string(1100, 'a') + "\r\n"), 431},
      {"many fields", get_with("A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\nF: 1\r\nG: 1\r\nH: 1\r\n"), 431},
      {"many trailers",
       post_with("Transfer-Encoding: chunked\r\n",
                 "0\r\nA: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\nF: 1\r\nG: 1\r\nH: 1\r\nI: 1\r\n\r\n"),
       431},
      {"a long body", post_with("Content-Length: 33\r\n", ""), 413},
      {"a long chunk", post_with("Transfer-Encoding: chunked\r\n", "21\r\n0123"), 413},
      {"long chunks", post_with("Transfer-Encoding: chunked\r\n", "10\r\n0123456789abcdef\r\n11\r\n0123"), 413},
  };
  return all;
}

class ParserTable : public testing::TestWithParam<std::size_t> {};

TEST_P(ParserTable, AnswersEachRequestAlikeHoweverItIsCut) {
  const Settings settings = small_limits();
  for (const Case& each : cases()) {
    SCOPED_TRACE(each.name);
    Request request;
    Parser parser(settings, request);
    std::string block;
    const Outcome outcome = parse(request, parser, each.text, GetParam(), block);
    EXPECT_EQ(outcome.status, each.status) << outcome.message;
    EXPECT_EQ(outcome.state, each.status == 0 ? Parser::State::complete : Parser::State::refused);
  }
}

INSTANTIATE_TEST_SUITE_P(Steps, ParserTable, testing::Values(1, 2, 3, 7, 100'000));

class ParserFields : public testing::Test {
 protected:
  Outcome read(std::string_view text) { return parse(request_, parser_, text, text.size(), block_); }

  Settings settings_;
  Request request_;
  Parser parser_{settings_, request_};
  std::string block_;
};

TEST_F(ParserFields, TakesTheRequestLineApart) {
  read("PATCH /rest/v1/films?id=eq.1&select=a%20b HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(request_.method, Method::patch);
  EXPECT_EQ(request_.method_name, "PATCH");
  EXPECT_EQ(request_.target, "/rest/v1/films?id=eq.1&select=a%20b");
  EXPECT_EQ(request_.path, "/rest/v1/films");
  EXPECT_EQ(request_.query, "id=eq.1&select=a%20b");
}

TEST_F(ParserFields, KeepsFieldsInOrderWithoutTheSpaceAroundValues) {
  read("GET / HTTP/1.1\r\nHost: a\r\nPrefer: a=b\r\nX:\t v \t\r\nprefer: c\r\n\r\n");
  EXPECT_EQ(request_.headers.find("x"), "v");
  EXPECT_EQ(request_.headers.joined("PREFER"), "a=b, c");
  EXPECT_EQ(request_.headers.count("Prefer"), 2U);
  EXPECT_EQ(request_.headers.find("Absent"), std::nullopt);
}

TEST_F(ParserFields, ViewsTheBytesInPlace) {
  read("GET /path HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_GE(request_.path.data(), block_.data());
  EXPECT_LT(request_.path.data(), block_.data() + block_.size());
}

TEST_F(ParserFields, TakesTheHostOfAnAbsoluteTarget) {
  read("GET http://real.example:81/a?b HTTP/1.1\r\nHost: other\r\n\r\n");
  EXPECT_EQ(request_.headers.find("Host"), "real.example:81");
  EXPECT_EQ(request_.target, "/a?b");
  EXPECT_EQ(request_.path, "/a");
}

TEST_F(ParserFields, StopsAtTheHeadersEnd) {
  const std::string first = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(read(first + "GET /2 HTTP/1.1\r\n").used, first.size());
}

TEST_F(ParserFields, JoinsChunksAndLeavesWhatFollows) {
  const std::string request =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nfoo\r\n3\r\nbar\r\n0\r\nX: y\r\n\r\n";
  const Outcome outcome = read(request + "GET /2");
  EXPECT_EQ(outcome.body, "foobar");
  EXPECT_EQ(outcome.used, request.size());
  EXPECT_EQ(request_.headers.find("X"), std::nullopt);
}

TEST_F(ParserFields, KeepsTheConnectionAsTheVersionAndTheClientSay) {
  const auto keeps = [this](std::string_view text) {
    read(text);
    return request_.keep_alive;
  };
  EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: a\r\nConnection: foo, Close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST_F(ParserFields, ExpectsContinueOnlyOfHttp11) {
  read("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n");
  EXPECT_TRUE(parser_.expects_continue());
  read("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
  EXPECT_FALSE(parser_.expects_continue());
}

TEST_F(ParserFields, AcceptsAHeaderOfExactlyTheLimit) {
  std::string text = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n";
  text.insert(text.size() - 4, settings_.header_limit - text.size(), 'x');
  EXPECT_EQ(read(text).state, Parser::State::complete);
  text.insert(text.size() - 4, 1, 'x');
  EXPECT_EQ(read(text).status, 431);
}

TEST_F(ParserFields, NamesTheMethodsItAllowsInsteadOfTrace) {
  read("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(parser_.error().headers, testing::Contains(testing::Pair("Allow", testing::HasSubstr("GET"))));
}

}  // namespace
}  // namespace ballast::http
