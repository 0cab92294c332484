#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ballast::middleware {

enum class AccessLog : std::uint8_t {
  off,
  failures,  ///< status 400 and above
  all,
};

/// `log.requests`, `trace.*`
struct ObserveSettings {
  AccessLog access_log = AccessLog::all;
  std::string id_header = "X-Request-Id";  ///< `trace.header`: the field that holds a request's id, coming and going
  bool trace_context = true;  ///< continue or begin a W3C trace, so that log lines can be joined with other services'
};

/// `deadline.*`
struct DeadlineSettings {
  /// Clients may shorten their request's deadline with `X-Request-Timeout: SECONDS`; they can never lengthen it.
  bool client_header = true;
};

/// `body_limits.*`
struct BodyLimitSettings {
  /// Media type (no parameters, lower case) → bytes. Only for what has to be below `http.body_limit`.
  std::map<std::string, std::uint64_t> by_type;
};

/// `cors.*`
struct CorsSettings {
  /// `https://app.example.com`, `https://*.example.com`, `http://localhost:*`, or `*` alone. Empty: browsers on other
  /// origins get nothing.
  std::vector<std::string> allowed_origins;
  bool allow_credentials = false;       ///< cookies and client certificates; never together with `*`
  std::chrono::seconds max_age{86400};  ///< how long browsers may keep a preflight; they cap it at 2 to 24 hours
  /// What scripts may read besides the safelisted fields.
  std::vector<std::string> expose_headers = {"Content-Range", "Content-Location",   "Location",    "ETag",
                                             "Link",          "Preference-Applied", "Retry-After", "X-Request-Id",
                                             "RateLimit",     "RateLimit-Policy"};
};

/// `compression.*`
struct CompressionSettings {
  bool enabled = true;
  std::uint64_t min_size = 1024;  ///< bytes; below, it all fits one packet anyway
  int zstd_level = 3;             ///< the library's default: the knee of its curve
  int gzip_level = 1;             ///< six is twice the time for a few percent
  /// Larger answers are compressed piece by piece as they are sent, so that no event loop stalls.
  std::uint64_t stream_above = 256U << 10;
  /// Streams at one time, each with up to 1 MiB of state; what comes on top is sent as it is.
  std::uint32_t max_streams = 64;
};

/// `rate_limit.*`
struct RateLimitSettings {
  std::uint32_t requests = 0;  ///< per window and caller, all of them at once if need be; 0: no limit
  std::chrono::seconds window{60};
  std::uint32_t max_callers = 100'000;  ///< remembered, about 150 bytes each; the ones seen least recently go first
};

struct Settings {
  ObserveSettings observe;
  DeadlineSettings deadline;
  BodyLimitSettings body_limit;
  CorsSettings cors;
  CompressionSettings compression;
  RateLimitSettings rate_limit;
};

}  // namespace ballast::middleware
