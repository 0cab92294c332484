// The middlewares that say what happened: request id, access log, metrics, error boundary.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "middleware/access_log.hpp"
#include "middleware/error_boundary.hpp"
#include "middleware/metrics.hpp"
#include "middleware/request_id.hpp"
#include "middleware/test_chain.hpp"
#include "middleware/trace_parent.hpp"
#include "observe/test_sink.hpp"

namespace ballast::middleware {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

std::string id_for(std::initializer_list<http::Headers::Field> headers) {
  http::Request request = get("/", headers);
  const auto response = run(chain_of(std::make_unique<RequestId>(ObserveSettings{})), request, answering(200));
  EXPECT_EQ(field(response, "X-Request-Id"), request.id);
  return request.id;
}
std::string trace_for(std::initializer_list<http::Headers::Field> headers, bool on = true) {
  http::Request request = get("/", headers);
  run(chain_of(std::make_unique<RequestId>(ObserveSettings{.trace_context = on})), request, answering(200));
  return request.trace_parent;
}

TEST(RequestId, AcceptsTheCallersId) { EXPECT_EQ(id_for({{"x-request-id", "abc-123"}}), "abc-123"); }

TEST(RequestId, MakesOneWhenThereIsNone) {
  const std::string id = id_for({});
  EXPECT_THAT(id, MatchesRegex("[0-9a-z]+"));
  EXPECT_EQ(id.size(), 15U);
  EXPECT_NE(id, id_for({}));
}

TEST(RequestId, ReplacesIdsThatAreEmptyLongOrNotVisible) {
  const std::string longest(129, 'a');
  for (const std::string_view bad : {std::string_view(""), std::string_view(longest), std::string_view("a b"),
                                     std::string_view("a\x7f"), std::string_view("\xc3\xa9")}) {
    EXPECT_EQ(id_for({{"X-Request-Id", bad}}).size(), 15U) << bad;
  }
}

TEST(RequestId, TravelsInAnotherFieldWhenToldSo) {
  http::Request request = get("/", {{"x-correlation-id", "abc"}, {"X-Request-Id", "def"}});
  const ObserveSettings settings{.id_header = "X-Correlation-Id"};
  const auto response = run(chain_of(std::make_unique<RequestId>(settings)), request, answering(200));
  EXPECT_EQ(request.id, "abc");
  EXPECT_EQ(field(response, "X-Correlation-Id"), "abc");
  EXPECT_EQ(response.find("X-Request-Id"), nullptr);
}

constexpr std::string_view caller = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceContext, ContinuesTheCallersTraceWithAParentOfItsOwn) {
  const std::string trace = trace_for({{"traceparent", caller}});
  EXPECT_THAT(trace, MatchesRegex("00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]+-01"));
  EXPECT_THAT(trace, Not(HasSubstr("00f067aa0ba902b7")));
  EXPECT_TRUE(parse_trace_parent(trace));
}

TEST(TraceContext, BeginsATraceOtherwise) {
  const std::string trace = trace_for({});
  EXPECT_TRUE(parse_trace_parent(trace));
  EXPECT_TRUE(trace.ends_with("-00"));
}

TEST(TraceContext, DoesNotTrustTwoParents) {
  EXPECT_THAT(trace_for({{"traceparent", caller}, {"traceparent", caller}}), Not(HasSubstr("4bf92f3577b34da6")));
}

TEST(TraceContext, CanBeSwitchedOff) { EXPECT_EQ(trace_for({{"traceparent", caller}}, false), ""); }

TEST(TraceParent, AcceptsLaterVersionsWithMore) {
  EXPECT_TRUE(parse_trace_parent("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes"));
  EXPECT_FALSE(parse_trace_parent("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.what"));
}

TEST(TraceParent, RefusesWhatIsMalformed) {
  for (const char* bad : {"", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
                          "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                          "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                          "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                          "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                          "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}) {
    EXPECT_FALSE(parse_trace_parent(bad)) << bad;
  }
}

class AccessLogging : public testing::Test {
 protected:
  void make(observe::LogFormat format = observe::LogFormat::json, observe::Level level = observe::Level::info) {
    sink_ = std::make_shared<observe::TestSink>();
    log_ = std::make_unique<observe::Logger>(observe::LogSettings{.level = level, .format = format}, sink_, clock_);
  }
  std::string line(http::Request request, http::Response response, AccessLog which = AccessLog::all) {
    if (!log_) make();
    const http::Handler handler = [this, response](http::Request& r) {
      r.route = "/rest/v1/posts";
      r.principal.role = "anon";
      clock_.advance(std::chrono::microseconds(1500));
      return http::ready(response);
    };
    run(chain_of(std::make_unique<AccessLogger>(which, *log_, clock_)), request, handler);
    return sink_->text();
  }

  FakeClock clock_;
  std::shared_ptr<observe::TestSink> sink_;
  std::unique_ptr<observe::Logger> log_;
};

TEST_F(AccessLogging, SaysWhoGotWhatAndHowFast) {
  http::Request request = get("/rest/v1/posts");
  request.id = "r1";
  request.body = "[]";
  EXPECT_THAT(
      line(request, http::json_response(200, "[1]")),
      HasSubstr("\"message\":\"request\",\"method\":\"GET\",\"path\":\"/rest/v1/posts\",\"route\":\"/rest/v1/posts\","
                "\"status\":200,\"us\":1500,\"request_id\":\"r1\",\"role\":\"anon\",\"client\":\"127.0.0.1\","
                "\"request_bytes\":2,\"bytes\":3}"));
}

TEST_F(AccessLogging, KeepsParameterValuesAndHeadersOut) {
  http::Request request =
      get("/rest/v1/posts", {{"Authorization", "Bearer top.secret.token"}, {"Cookie", "sid=secret"}});
  request.query = "email=eq.secret&apikey=secret&select";
  const std::string text = line(request, http::json_response(200, "secret"));
  EXPECT_THAT(text, Not(HasSubstr("secret")));
  EXPECT_THAT(text, HasSubstr("\"path\":\"/rest/v1/posts?email&apikey&select\""));
}

TEST_F(AccessLogging, LeavesOutTheSizeOfAStreamAndNamesTheTrace) {
  http::Request request = get("/x");
  request.trace_parent = caller;
  http::Response response;
  response.body = std::shared_ptr<http::BodySource>();
  const std::string text = line(request, response);
  EXPECT_THAT(text, HasSubstr("\"request_bytes\":0,\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\"}"));
}

TEST_F(AccessLogging, WritesForPeople) {
  make(observe::LogFormat::human);
  EXPECT_THAT(line(get("/x"), http::json_response(404, "")), HasSubstr("GET /x 404 in 1.500 ms"));
}

TEST_F(AccessLogging, CallsServerFailuresErrors) {
  EXPECT_THAT(line(get("/x"), http::json_response(503, "")), HasSubstr("\"level\":\"error\""));
}

TEST_F(AccessLogging, CanBeConfinedToFailures) {
  EXPECT_EQ(line(get("/x"), http::json_response(200, ""), AccessLog::failures), "");
  EXPECT_THAT(line(get("/x"), http::json_response(401, ""), AccessLog::failures), HasSubstr("401"));
}

TEST_F(AccessLogging, CutsLongPaths) {
  std::string target;
  printable_target("/" + std::string(5000, 'a'), std::string(5000, '&'), target);
  EXPECT_LT(target.size(), 900U);
}

TEST(RequestCounter, CountsByMethodRouteAndStatus) {
  observe::Metrics metrics;
  FakeClock clock;
  const auto chain = chain_of(std::make_unique<RequestCounter>(metrics, clock));
  const http::Handler handler = [&](http::Request& request) {
    request.route = "/rest/v1/posts";
    clock.advance(std::chrono::milliseconds(2));
    return http::ready(http::json_response(201, "{}"));
  };
  for (int i = 0; i < 3; ++i) {
    http::Request request = get("/rest/v1/posts");
    request.received = clock.now();
    run(chain, request, handler);
  }
  const std::string text = metrics.render();
  EXPECT_THAT(text,
              HasSubstr("ballast_http_requests_total{method=\"GET\",route=\"/rest/v1/posts\",status=\"201\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("_bucket{method=\"GET\",route=\"/rest/v1/posts\",le=\"0.001\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("_bucket{method=\"GET\",route=\"/rest/v1/posts\",le=\"0.0025\"} 3\n"));
}

TEST(RequestMetrics, CountsCombinationsBeyondItsLimitTogether) {
  observe::Metrics metrics;
  const RequestMetrics requests(metrics);
  for (int i = 0; i < 3000; ++i) requests.record(http::Method::get, "/r" + std::to_string(i), 200, Duration(1));
  EXPECT_THAT(metrics.render(), HasSubstr("{method=\"other\",route=\"other\",status=\"other\"}"));
  EXPECT_LT(metrics.render().size(), 3'000'000U);
}

TEST(RequestMetrics, CountsCorrectlyFromSeveralThreads) {
  observe::Metrics metrics;
  const RequestMetrics requests(metrics);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i)
        requests.record(http::Method::get, "/r" + std::to_string(i % 50), 200, Duration(1));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_THAT(metrics.render(), HasSubstr("route=\"/r49\",status=\"200\"} 160\n"));
}

TEST(ErrorBoundary, AnswersAnExceptionWithoutItsWords) {
  const auto sink = std::make_shared<observe::TestSink>();
  const observe::Logger log({}, sink);
  http::Request request = get("/x");
  request.id = "r9";
  const http::Handler handler = [](http::Request&) -> http::Reply { throw std::runtime_error("password is hunter2"); };
  const auto response = run(chain_of(std::make_unique<ErrorBoundary>(log, render)), request, handler);
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(body(response), HasSubstr("BLST500"));
  EXPECT_THAT(body(response), Not(HasSubstr("hunter2")));
  EXPECT_THAT(sink->text(), HasSubstr("hunter2"));
  EXPECT_THAT(sink->text(), HasSubstr("\"request_id\":\"r9\""));
}

}  // namespace
}  // namespace ballast::middleware
