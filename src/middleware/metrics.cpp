#include "middleware/metrics.hpp"

namespace ballast::middleware {

http::Reply RequestCounter::handle(http::Request& request, http::Next next) const {
  http::Response response = co_await next(request);
  metrics_.record(request.method, request.route, response.status, clock_.now() - request.received);
  co_return response;
}

}  // namespace ballast::middleware
