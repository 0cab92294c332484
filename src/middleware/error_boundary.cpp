#include "middleware/error_boundary.hpp"

namespace ballast::middleware {

http::Reply ErrorBoundary::handle(http::Request& request, http::Next next) const {
  try {
    http::Response response = co_await next(request);
    co_return response;
  } catch (const std::exception& error) { co_return failed(request, error.what()); } catch (...) {
    co_return failed(request, "something that is no std::exception");
  }
}

http::Response ErrorBoundary::failed(const http::Request& request, std::string_view what) const {
  log_.error("a request failed by an exception",
             {{"error", what}, {"method", request.method_name}, {"route", request.route}, {"request_id", request.id}});
  return render_(request, make_error(500, "BLST500", "the server failed on this request")
                              .with_hint("the log has the details under this answer's X-Request-Id"));
}

}  // namespace ballast::middleware
