#pragma once

#include "http/handler.hpp"
#include "middleware/settings.hpp"

namespace ballast::middleware {

/// Gives each request its id: what `X-Request-Id` (or the field that is set instead) says when that is 1 to 128 visible
/// ASCII characters, else a new one, and says it in the answer. Continues or begins the W3C trace.
class RequestId final : public http::Middleware {
 public:
  explicit RequestId(ObserveSettings settings) : settings_(settings) {}
  http::Reply handle(http::Request& request, http::Next next) const override;

 private:
  ObserveSettings settings_;
};

}  // namespace ballast::middleware
