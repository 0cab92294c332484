// The HTTP server of `ballast serve` with nothing behind it: every request gets the same JSON. What bench/run.py
// compares with, with the default middleware chain or without any:
//
//     constant ADDRESS:PORT on|off [WORKERS]
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "http/server.hpp"
#include "middleware/chain.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"

namespace {

ballast::http::Reply answer(ballast::http::Request&) {
  return ballast::http::ready(ballast::http::json_response(
      200, R"([{"id":50000,"name":"item number 50000","price":0.5,"stock":45,"made":"2024-01-01"}])"));
}

int serve(const char* address, bool with_chain, unsigned workers) {
  using namespace ballast;
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  const auto log = observe::make_stderr_logger({});
  observe::Metrics metrics;
  const http::ErrorRenderer render = [](const http::Request&, const Error& error) {
    return http::problem_response(error);
  };
  http::Chain chain;
  if (with_chain) {
    auto made = middleware::make_chain({system_clock(), *log, metrics, render, "anon", {}, {}});
    if (!made) return std::fprintf(stderr, "constant: %s\n", made.error().message.c_str()), 1;
    chain = std::move(made).value();
  }
  http::Settings settings;
  settings.workers = workers;
  http::Server server(settings, answer, chain, render, {});
  auto at = http::ListenAddress::parse(address);
  if (!at) return std::fprintf(stderr, "constant: %s\n", at.error().message.c_str()), 1;
  if (const auto bound = server.listen(std::move(at).value()); !bound) {
    return std::fprintf(stderr, "constant: %s\n", bound.error().message.c_str()), 1;
  }
  server.start();
  int signal = 0;
  sigwait(&ends, &signal);
  server.stop();
  return 0;
}

}  // namespace

int main(int count, char** words) {
  if (count < 3 || count > 4 || (words[2] != std::string_view("on") && words[2] != std::string_view("off"))) {
    std::fprintf(stderr, "usage: constant ADDRESS:PORT on|off [WORKERS]\n");
    return 2;
  }
  const auto workers = count == 4 ? std::strtoul(words[3], nullptr, 10) : 0;
  return serve(words[1], words[2] == std::string_view("on"), static_cast<unsigned>(workers));
}
