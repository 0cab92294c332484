// What the chain adds to a request, against the handler alone: the budget is 10 % of a constant answer's CPU.

#include <benchmark/benchmark.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "auth/test_tokens.hpp"
#include "middleware/chain.hpp"

namespace ballast::middleware {
namespace {

class Discard final : public observe::Sink {
 public:
  void write(std::string_view line, bool) noexcept override { benchmark::DoNotOptimize(line.data()); }
};

struct World {
  observe::Logger log{observe::LogSettings{.level = observe::Level::info, .format = observe::LogFormat::json},
                      std::make_shared<Discard>()};
  observe::Metrics metrics;
  Settings settings;
  auth::Settings auth;

  http::Chain chain() {
    return *make_chain(
        Dependencies{system_clock(), log, metrics,
                     [](const http::Request&, const Error& error) { return http::problem_response(error); }, "anon",
                     settings, auth});
  }
};

http::Reply loop(benchmark::State& state, const http::Chain& chain, std::string_view authorization) {
  const http::Handler handler = [](http::Request& request) {
    request.route = "/constant";
    return http::ready(http::json_response(200, "{}"));
  };
  http::Request request;
  request.method_name = "GET";
  request.path = "/rest/v1/constant";
  request.query = "id=eq.1";
  request.peer_address = "127.0.0.1";
  for (const auto& [name, value] : std::initializer_list<http::Headers::Field>{{"Host", "localhost:8080"},
                                                                               {"User-Agent", "bench"},
                                                                               {"Accept", "*/*"},
                                                                               {"Accept-Encoding", "gzip, br, zstd"}}) {
    request.headers.add(name, value);
  }
  if (!authorization.empty()) request.headers.add("Authorization", authorization);
  for (auto _ : state) {
    request.received = system_clock().now();
    http::Response response = co_await http::Next(chain, handler)(request);
    benchmark::DoNotOptimize(response.status);
    // As the session does between two requests.
    request.id.clear();
    request.trace_parent.clear();
    request.principal = policy::Principal();
  }
  co_return http::Response();
}

void measure(benchmark::State& state, const http::Chain& chain, std::string_view authorization = {}) {
  boost::asio::io_context io(1);
  const auto start = [&] { return loop(state, chain, authorization); };
  boost::asio::co_spawn(io, start, boost::asio::detached);
  io.run();
}

void handler_alone(benchmark::State& state) { measure(state, http::Chain()); }

void chain_by_default(benchmark::State& state) {
  World world;
  measure(state, world.chain());
}

void chain_without_access_log(benchmark::State& state) {
  World world;
  world.settings.observe.access_log = AccessLog::off;
  measure(state, world.chain());
}

void chain_with_everything(benchmark::State& state) {
  World world;
  world.settings.cors.allowed_origins = {"https://*.example.com"};
  world.settings.rate_limit.requests = 1'000'000'000;
  world.auth.jwt_secret = auth::test_secret;
  measure(state, world.chain(), "Bearer " + auth::hmac_token(R"({"role":"author","sub":"u1","exp":9999999999})"));
}

BENCHMARK(handler_alone);
BENCHMARK(chain_without_access_log);
BENCHMARK(chain_by_default);
BENCHMARK(chain_with_everything);

}  // namespace
}  // namespace ballast::middleware
