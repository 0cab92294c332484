#pragma once

#include "base/clock.hpp"
#include "http/handler.hpp"
#include "middleware/request_metrics.hpp"

namespace ballast::middleware {

/// Counts and times every answer.
class RequestCounter final : public http::Middleware {
 public:
  RequestCounter(observe::Metrics& metrics, const Clock& clock) : metrics_(metrics), clock_(clock) {}
  http::Reply handle(http::Request& request, http::Next next) const override;

 private:
  RequestMetrics metrics_;
  const Clock& clock_;
};

}  // namespace ballast::middleware
