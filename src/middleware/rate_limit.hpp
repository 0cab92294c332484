#pragma once

#include <string>

#include "http/handler.hpp"
#include "middleware/rate_limiter.hpp"
#include "middleware/settings.hpp"

namespace ballast::middleware {

/// 429 BLST429 for a caller over its quota, with Retry-After; every answer says how the quota stands in `RateLimit` and
/// `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-08). Callers are told apart by API key or token subject,
/// and anonymous ones by address.
class RateLimit final : public http::Middleware {
 public:
  RateLimit(const RateLimitSettings& settings, const Clock& clock, http::ErrorRenderer render);
  http::Reply handle(http::Request& request, http::Next next) const override;

 private:
  http::Response refuse(const http::Request& request, const RateLimiter::Verdict& verdict) const;
  void report(http::Response& response, const RateLimiter::Verdict& verdict) const;

  const Clock& clock_;
  http::ErrorRenderer render_;
  std::string policy_;
  mutable RateLimiter limiter_;
};

/// Whose quota it is; replaces `out`. IPv6 addresses count by /64, which is what one subscriber has.
void caller_of(const http::Request& request, std::string& out);

}  // namespace ballast::middleware
