#include "middleware/rate_limit.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ballast::middleware {
namespace {

std::int64_t whole_seconds(Duration duration) { return std::chrono::ceil<std::chrono::seconds>(duration).count(); }

}  // namespace

void caller_of(const http::Request& request, std::string& out) {
  if (!request.principal.subject.empty()) {
    out.assign(request.principal.by_key ? "k:" : "s:");
    out += request.principal.role;
    out += ':';
    out += request.principal.subject;
    return;
  }
  out.assign("a:");
  std::array<unsigned char, 16> address{};
  if (request.peer_address.find(':') == std::string::npos ||
      ::inet_pton(AF_INET6, request.peer_address.c_str(), address.data()) != 1) {
    out += request.peer_address;
    return;
  }
  // An IPv4 caller of a socket for both versions (RFC 4291 section 2.5.5.2).
  constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(mapped.begin(), mapped.end(), address.begin())) {
    out += fmt::format("{}.{}.{}.{}", address[12], address[13], address[14], address[15]);
    return;
  }
  out.append(reinterpret_cast<const char*>(address.data()), 8);
}

RateLimit::RateLimit(const RateLimitSettings& settings, const Clock& clock, http::ErrorRenderer render)
    : clock_(clock),
      render_(std::move(render)),
      policy_(fmt::format("\"default\";q={};w={}", settings.requests, settings.window.count())),
      limiter_(settings) {}

void RateLimit::report(http::Response& response, const RateLimiter::Verdict& verdict) const {
  response.add("RateLimit-Policy", policy_);
  response.add("RateLimit", fmt::format("\"default\";r={};t={}", verdict.remaining, whole_seconds(verdict.full_in)));
}

http::Response RateLimit::refuse(const http::Request& request, const RateLimiter::Verdict& verdict) const {
  const std::string wait = std::to_string(whole_seconds(verdict.retry_in));
  http::Response response = render_(request, make_error(429, "BLST429", "too many requests from this caller")
                                                 .with_hint("wait " + wait + (wait == "1" ? " second" : " seconds"))
                                                 .with_header("Retry-After", wait));
  report(response, verdict);
  return response;
}

http::Reply RateLimit::handle(http::Request& request, http::Next next) const {
  thread_local std::string caller;
  caller_of(request, caller);
  const RateLimiter::Verdict verdict = limiter_.take(caller, clock_.now());
  if (!verdict.allowed) co_return refuse(request, verdict);
  http::Response response = co_await next(request);
  report(response, verdict);
  co_return response;
}

}  // namespace ballast::middleware
