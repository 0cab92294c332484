#include <gmock/gmock.h>

#include <stdexcept>

#include "http/test_server.hpp"

namespace ballast::http {
namespace {

using std::chrono::milliseconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";

class SessionTest : public ServerTest {};

TEST_F(SessionTest, AnswersSeveralRequestsOnOneConnection) {
  start_echo();
  TestClient client = connect();
  EXPECT_THAT(client.ask(get), EndsWith("\r\n\r\nGET /a "));
  EXPECT_THAT(client.ask("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"), EndsWith("POST /b hi"));
  EXPECT_EQ(server_->stats().requests, 2U);
  EXPECT_EQ(server_->stats().connections_total, 1U);
}

TEST_F(SessionTest, AnswersPipelinedRequestsInOrder) {
  start_echo();
  TestClient client = connect();
  client.send(
      "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
      "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"
      "GET /4 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.answer(), EndsWith("GET /1 "));
  EXPECT_THAT(client.answer(), EndsWith("POST /2 abc"));
  EXPECT_THAT(client.answer(), EndsWith("POST /3 x"));
  EXPECT_THAT(client.answer(), EndsWith("GET /4 "));
}

TEST_F(SessionTest, AnswersAThousandPipelinedRequests) {
  start_echo();
  TestClient client = connect();
  std::string all;
  for (int i = 0; i < 1000; ++i) all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  std::thread sender([&] { client.send(all); });
  for (int i = 0; i < 1000; ++i) EXPECT_THAT(client.answer(), EndsWith("GET /" + std::to_string(i) + " "));
  sender.join();
}

TEST_F(SessionTest, AnswersARequestThatArrivesByteByByte) {
  start_echo();
  TestClient client = connect();
  for (const char c : std::string("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")) client.send({&c, 1});
  EXPECT_THAT(client.answer(), EndsWith("POST /b hi"));
}

TEST_F(SessionTest, AnswersHeadWithTheLengthAndNoBody) {
  start_echo();
  const std::string answer = all_of("HEAD /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Length: 8\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(SessionTest, StatesNoLengthForAHeadThatNobodyMeasured) {
  start([](Request&) { return ready(Response()); });
  EXPECT_THAT(all_of("HEAD /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), Not(HasSubstr("Content-Length")));
}

TEST_F(SessionTest, SendsNoBodyWith204) {
  start([](Request&) {
    Response response;
    response.status = 204;
    response.body = std::string("never");
    return ready(std::move(response));
  });
  const std::string answer = all_of("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 204 No Content\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("Content-Length")));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(SessionTest, ClosesWhenTheClientWantsTo) {
  start_echo();
  EXPECT_THAT(all_of("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(all_of("GET /a HTTP/1.0\r\n\r\n"), HasSubstr("Connection: close\r\n"));
}

TEST_F(SessionTest, KeepsAnHttp10ConnectionThatAsksForIt) {
  start_echo();
  TestClient client = connect();
  EXPECT_THAT(client.ask("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), HasSubstr("Connection: keep-alive"));
  EXPECT_THAT(client.ask("GET /b HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"), EndsWith("GET /b "));
}

TEST_F(SessionTest, ClosesWhenTheHandlerWantsTo) {
  start([](Request&) {
    Response response = json_response(200, "bye");
    response.close = true;
    return ready(std::move(response));
  });
  EXPECT_THAT(all_of(get), HasSubstr("Connection: close\r\n"));
}

TEST_F(SessionTest, ReadsChunkedBodies) {
  start_echo();
  TestClient client = connect();
  std::string body;
  std::string request = "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 200; ++i) {
    request += "3e8\r\n" + std::string(1000, 'x') + "\r\n";
    body += std::string(1000, 'x');
  }
  request += "0\r\nX-Trailer: dropped\r\n\r\n";
  client.send(request);
  EXPECT_THAT(client.answer(), EndsWith("POST /c " + body));
  EXPECT_THAT(client.ask(get), EndsWith("GET /a "));
}

TEST_F(SessionTest, ReadsBodiesLargerThanItsBuffers) {
  start_echo();
  TestClient client = connect();
  std::string body(900'000, 'x');
  body.back() = '!';
  client.send("POST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n" + body);
  EXPECT_THAT(client.answer(), EndsWith(body));
  EXPECT_THAT(client.ask(get), EndsWith("GET /a "));
}

TEST_F(SessionTest, ReadsHeadersLargerThanItsBuffer) {
  start([](Request& request) { return ready(json_response(200, std::string(*request.headers.find("X")))); });
  const std::string value(30'000, 'v');
  TestClient client = connect();
  client.send("GET / HTTP/1.1\r\nHost: a\r\n");
  client.send("X: " + value + "\r\n\r\n");
  EXPECT_THAT(client.answer(), EndsWith(value));
}

TEST_F(SessionTest, SaysContinueBeforeABodyThatItWillRead) {
  start_echo();
  TestClient client = connect();
  client.send("POST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.answer(), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_THAT(client.ask("hi"), EndsWith("POST /c hi"));
}

TEST_F(SessionTest, RefusesABodyThatIsTooLongBeforeItIsSent) {
  settings_.body_limit = 10;
  start_echo();
  const std::string answer =
      all_of("POST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
}

TEST_F(SessionTest, LetsAClientThatKeepsSendingSeeTheRefusal) {
  settings_.body_limit = 10;
  start_echo();
  TestClient client = connect();
  client.send("POST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n");
  client.send(std::string(4'000'000, 'x'));
  client.finish_sending();
  EXPECT_THAT(client.rest(), StartsWith("HTTP/1.1 413 "));
}

TEST_F(SessionTest, RefusesAChunkLineWithoutEnd) {
  start_echo();
  EXPECT_THAT(all_of("POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(20'000, 'x')),
              StartsWith("HTTP/1.1 431 "));
}

TEST_F(SessionTest, AnswersSmugglingAttemptsWithARefusalAndTheEnd) {
  start_echo();
  const std::string second = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const std::string& fields :
       {std::string("Content-Length: 40\r\nTransfer-Encoding: chunked\r\n"),
        std::string("Transfer-Encoding: chunked\r\nContent-Length: 40\r\n"),
        std::string("Content-Length: 0\r\nContent-Length: 40\r\n"), std::string("Content-Length: 0\r\n X: y\r\n"),
        std::string("Transfer-Encoding: xchunked\r\n"), std::string("Transfer-Encoding : chunked\r\n"),
        std::string("Transfer-Encoding:\x0b"
                    "chunked\r\n"),
        std::string("X: y\nTransfer-Encoding: chunked\r\n")}) {
    SCOPED_TRACE(fields);
    const std::string answer = all_of("POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n0\r\n\r\n" + second);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(answer, Not(HasSubstr("smuggled")));
    EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << answer;
  }
  EXPECT_EQ(server_->stats().requests, 0U);
  EXPECT_EQ(server_->stats().requests_refused, 8U);
}

TEST_F(SessionTest, HidesWhatAHandlerThrewAndReportsIt) {
  start([](Request& request) -> Reply {
    if (request.path == "/throw") throw std::runtime_error("secret detail");
    return ready(json_response(200, "fine"));
  });
  TestClient client = connect();
  const std::string answer = client.ask("GET /throw HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(answer, Not(HasSubstr("secret")));
  EXPECT_THAT(client.ask(get), EndsWith("fine"));
  EXPECT_THAT(reports(), testing::Contains(HasSubstr("secret detail")));
}

TEST_F(SessionTest, TellsTheHandlerWhoAsksAndUntilWhen) {
  settings_.request_timeout = milliseconds(1234);
  start([](Request& request) {
    const bool right = request.deadline - request.received == milliseconds(1234) && !request.tls;
    return ready(json_response(200, request.peer_address + (right ? " right" : " wrong")));
  });
  EXPECT_THAT(connect().ask(get), EndsWith("127.0.0.1 right"));
}

TEST_F(SessionTest, StartsEachRequestWithACleanSlate) {
  start([](Request& request) {
    std::string seen = request.id + request.principal.role + std::string(request.route) + request.trace_parent;
    request.id = request.principal.role = request.trace_parent = "left over";
    request.route = "left over";
    return ready(json_response(200, std::move(seen)));
  });
  TestClient client = connect();
  EXPECT_THAT(client.ask(get), EndsWith("\r\n\r\nunmatched"));
  EXPECT_THAT(client.ask(get), EndsWith("\r\n\r\nunmatched"));
}

TEST_F(SessionTest, RunsTheChainInOrderAroundTheHandler) {
  struct Tag final : Middleware {
    explicit Tag(std::string name) : name(std::move(name)) {}
    Reply handle(Request& request, Next next) const override {
      request.id += name;
      Response response = co_await next(request);
      response.add("X-Tag", name);
      co_return response;
    }
    std::string name;
  };
  chain_.push_back(std::make_unique<Tag>("1"));
  chain_.push_back(std::make_unique<Tag>("2"));
  start([](Request& request) { return ready(json_response(200, request.id)); });
  const std::string answer = connect().ask(get);
  EXPECT_THAT(answer, HasSubstr("X-Tag: 2\r\nX-Tag: 1\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n12"));
}

TEST_F(SessionTest, AnswersAClientThatStoppedSending) {
  start_echo();
  TestClient client = connect();
  client.send(get);
  client.finish_sending();
  EXPECT_THAT(client.rest(), EndsWith("GET /a "));
}

TEST_F(SessionTest, RefusesARequestThatEndsTooSoon) {
  start_echo();
  for (const std::string text : {"GET /a HT", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc"}) {
    TestClient client = connect();
    client.send(text);
    client.finish_sending();
    EXPECT_THAT(client.rest(), StartsWith("HTTP/1.1 400 "));
  }
}

TEST_F(SessionTest, RendersARefusalFromTheBytesWhereTheyAreNow) {
  render_ = [](const Request& request, const Error& error) {
    return json_response(error.status, std::string(request.path) + " " + error.code);
  };
  start_echo();
  TestClient client = connect();
  client.send("GET /here HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'x'));
  client.finish_sending();
  EXPECT_THAT(client.rest(), EndsWith("\r\n\r\n/here BLST400"));
}

TEST_F(SessionTest, CutsOffAHeaderThatDripsIn) {
  settings_.header_timeout = milliseconds(20);
  start_echo();
  const std::string answer = all_of("GET /a HTTP/1.1\r\nHost");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 408 "));
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
}

TEST_F(SessionTest, CutsOffABodyThatArrivesTooSlowly) {
  settings_.min_rate_grace = milliseconds(20);
  settings_.min_rate = 1'000'000'000;
  start_echo();
  EXPECT_THAT(all_of("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"), StartsWith("HTTP/1.1 408 "));
  EXPECT_THAT(all_of("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc"),
              StartsWith("HTTP/1.1 408 "));
}

TEST_F(SessionTest, ClosesAnIdleConnectionWithoutAWord) {
  settings_.idle_timeout = milliseconds(20);
  start_echo();
  EXPECT_THAT(connect().rest(), IsEmpty());
  TestClient client = connect();
  EXPECT_THAT(client.ask(get), EndsWith("GET /a "));
  EXPECT_THAT(client.rest(), IsEmpty());
}

/// An answer of blocks, counted as they are asked for; lives as long as the session needs it.
class Blocks final : public BodySource {
 public:
  Blocks(int count, std::size_t size, std::atomic<int>* pulled = nullptr, std::promise<void>* gone = nullptr)
      : count_(count), size_(size), pulled_(pulled), gone_(gone) {}
  ~Blocks() override {
    if (gone_ != nullptr) gone_->set_value();
  }
  void next(std::string& into) override {
    if (pulled_ != nullptr) pulled_->fetch_add(1);
    into.assign(count_-- > 0 ? size_ : 0, 'b');
  }

 private:
  int count_;
  std::size_t size_;
  std::atomic<int>* pulled_;
  std::promise<void>* gone_;
};

Response streamed(std::shared_ptr<BodySource> source) {
  Response response;
  response.body = std::move(source);
  return response;
}

TEST_F(SessionTest, SendsABodyOfUnknownLengthInChunks) {
  start([](Request&) { return ready(streamed(std::make_shared<Blocks>(2, 10))); });
  const std::string answer = all_of("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\na\r\nbbbbbbbbbb\r\na\r\nbbbbbbbbbb\r\n0\r\n\r\n"));
}

TEST_F(SessionTest, EndsABodyOfUnknownLengthWithTheConnectionForHttp10) {
  start([](Request&) { return ready(streamed(std::make_shared<Blocks>(2, 10))); });
  const std::string answer = all_of("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nbbbbbbbbbbbbbbbbbbbb"));
}

TEST_F(SessionTest, CutsAnAnswerWhoseSourceFails) {
  struct Failing final : BodySource {
    void next(std::string& into) override {
      if (sent) throw std::runtime_error("disk on fire");
      into = "some";
      sent = true;
    }
    bool sent = false;
  };
  start([](Request&) { return ready(streamed(std::make_shared<Failing>())); });
  EXPECT_THAT(all_of(get), EndsWith("\r\n\r\n4\r\nsome\r\n"));
  EXPECT_THAT(reports(), testing::Contains(HasSubstr("disk on fire")));
}

TEST_F(SessionTest, SendsASpoolWithItsLength) {
  start([](Request&) {
    auto spool = std::make_shared<Spool>(Spool::Limits{.memory_limit = 1000, .file_limit = 1U << 30, .directory = {}});
    for (int i = 0; i < 5000; ++i) EXPECT_TRUE(spool->append(std::string(100, static_cast<char>('a' + i % 26))));
    Response response;
    response.body = std::shared_ptr<const Spool>(std::move(spool));
    return ready(std::move(response));
  });
  TestClient client = connect();
  const std::string answer = client.ask(get);
  EXPECT_THAT(answer, HasSubstr("Content-Length: 500000\r\n"));
  const std::string body = answer.substr(answer.find("\r\n\r\n") + 4);
  ASSERT_EQ(body.size(), 500'000U);
  bool right = true;
  for (std::size_t i = 0; i < body.size(); ++i) right = right && body[i] == static_cast<char>('a' + i / 100 % 26);
  EXPECT_TRUE(right);
  EXPECT_THAT(client.ask("HEAD /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").substr(0, 15), "HTTP/1.1 200 OK");
}

TEST_F(SessionTest, SendsALongTextToASlowReader) {
  start([](Request&) { return ready(json_response(200, std::string(8'000'000, 't'))); });
  TestClient client = connect(4096);
  const std::string answer = client.ask(get);
  EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, 8'000'000U);
}

TEST_F(SessionTest, PullsNoMoreThanTheClientTakesAndCutsItOffWhenItTakesNothing) {
  settings_.write_timeout = milliseconds(50);
  std::atomic<int> pulled{0};
  std::promise<void> gone;
  start([&](Request&) { return ready(streamed(std::make_shared<Blocks>(100'000, 65536, &pulled, &gone))); });
  TestClient client = connect(4096);
  client.send(get);
  gone.get_future().wait();
  EXPECT_LT(pulled.load(), 1000);  // what the kernel's buffers hold, not the 6 GB there are
}

TEST_F(SessionTest, FreesEverythingWhenTheClientLeavesMidAnswer) {
  std::promise<void> gone;
  start([&](Request&) { return ready(streamed(std::make_shared<Blocks>(100'000, 65536, nullptr, &gone))); });
  TestClient client = connect();
  client.send(get);
  client.leave();
  gone.get_future().wait();
  EXPECT_TRUE(drained_within(std::chrono::seconds(10)));
  EXPECT_EQ(server_->stats().connections_open, 0U);
}

TEST_F(SessionTest, CountsBytesBothWays) {
  start_echo();
  const std::string answer = connect().ask(get);
  EXPECT_TRUE(drained_within(std::chrono::seconds(10)));
  EXPECT_EQ(server_->stats().bytes_in, get.size());
  EXPECT_EQ(server_->stats().bytes_out, answer.size());
}

}  // namespace
}  // namespace ballast::http
