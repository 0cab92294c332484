#pragma once

#include "http/handler.hpp"
#include "middleware/settings.hpp"

namespace ballast::middleware {

/// Lets a client shorten its request's deadline: `X-Request-Timeout: 2.5` (seconds). Longer than the server's own has
/// no effect; what is no number is 400. A request whose time is over before the work begins gets 504.
class Deadline final : public http::Middleware {
 public:
  Deadline(const Clock& clock, http::ErrorRenderer render) : clock_(clock), render_(std::move(render)) {}
  http::Reply handle(http::Request& request, http::Next next) const override;

 private:
  const Clock& clock_;
  http::ErrorRenderer render_;
};

}  // namespace ballast::middleware
