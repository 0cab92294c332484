#include "middleware/deadline.hpp"

#include <charconv>

namespace ballast::middleware {
namespace {

/// 1*DIGIT [ "." *DIGIT ], at most ten characters; negative when it is not.
double parse_seconds(std::string_view text) noexcept {
  if (text.empty() || text.size() > 10 || text.find_first_not_of("0123456789.") != std::string_view::npos) return -1;
  double seconds = -1;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
  return fault == std::errc() && end == text.data() + text.size() ? seconds : -1;
}

}  // namespace

http::Reply Deadline::handle(http::Request& request, http::Next next) const {
  const auto wanted = request.headers.find("X-Request-Timeout");
  if (!wanted) return next(request);
  const double seconds = parse_seconds(*wanted);
  if (seconds < 0) {
    return http::ready(render_(
        request,
        make_error(400, "BLST400", "X-Request-Timeout: expected a number of seconds").with_hint("for example 2.5")));
  }
  const Duration left = request.deadline - request.received;
  if (seconds < std::chrono::duration<double>(left).count()) {
    request.deadline = request.received + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
  }
  if (request.deadline <= clock_.now()) {
    return http::ready(render_(request, make_error(504, "BLST504", "the request's time was over before it was begun")));
  }
  return next(request);
}

}  // namespace ballast::middleware
