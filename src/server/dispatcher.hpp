#pragma once

#include <memory>

#include "base/published.hpp"
#include "http/handler.hpp"

namespace ballast::server {

/// The middleware chain that requests pass now. A reload swaps it; a request keeps the one it began with. Thread-safe.
class Dispatcher {
 public:
  explicit Dispatcher(http::Handler handler) : handler_(std::move(handler)) {}

  /// From the next request on.
  void use(std::shared_ptr<const http::Chain> chain) { chain_.store(std::move(chain)); }
  http::Reply operator()(http::Request& request) const { return pass(chain_.load(), handler_, request); }

 private:
  static http::Reply pass(std::shared_ptr<const http::Chain> chain, const http::Handler& handler,
                          http::Request& request) {
    const http::Next next(*chain, handler);
    http::Response response = co_await next(request);
    co_return response;
  }

  const http::Handler handler_;
  Published<http::Chain> chain_{std::make_shared<const http::Chain>()};
};

}  // namespace ballast::server
