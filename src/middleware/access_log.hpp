#pragma once

#include "base/clock.hpp"
#include "http/handler.hpp"
#include "middleware/settings.hpp"
#include "observe/log.hpp"

namespace ballast::middleware {

/// One line per answer. Path and parameter names are logged, parameter values are not: filters hold personal data, and
/// some clients put keys there. No header's value is, apart from the request id.
void log_request(const observe::Logger& log, const http::Request& request, const http::Response& response,
                 Duration took);

class AccessLogger final : public http::Middleware {
 public:
  AccessLogger(AccessLog which, const observe::Logger& log, const Clock& clock)
      : which_(which), log_(log), clock_(clock) {}
  http::Reply handle(http::Request& request, http::Next next) const override;

 private:
  AccessLog which_;
  const observe::Logger& log_;
  const Clock& clock_;
};

/// "/a?b=secret&c" → "/a?b&c"; replaces `out`. Bounded: long paths are cut.
void printable_target(std::string_view path, std::string_view query, std::string& out);

}  // namespace ballast::middleware
