#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "http/request.hpp"
#include "http/response.hpp"

namespace ballast::http {

using Reply = boost::asio::awaitable<Response>;
/// Must not keep the reference after its reply completed. A plain function that returns a coroutine, never a
/// capturing coroutine lambda (GCC 12).
using Handler = std::function<Reply(Request&)>;

class Middleware;

/// Turns an error into an answer in the shape of the protocol that the request's path belongs to (REST as PostgREST
/// does, everything else problem_response). The wiring composes it; middlewares and the session are given one.
using ErrorRenderer = std::function<Response(const Request&, const Error&)>;

/// The rest of the chain: the middlewares behind this one, then the handler.
class Next {
 public:
  Next(std::span<const std::unique_ptr<Middleware>> rest, const Handler& handler) : rest_(rest), handler_(&handler) {}
  Reply operator()(Request& request) const;

 private:
  std::span<const std::unique_ptr<Middleware>> rest_;
  const Handler* handler_;
};

/// One link of the chain; shared by every worker, so `handle` is const and thread-safe. Work that happens only
/// before the rest returns `next(request)` directly (no coroutine frame); work after it is a coroutine.
class Middleware {
 public:
  virtual ~Middleware() = default;
  virtual Reply handle(Request& request, Next next) const = 0;
};

inline Reply Next::operator()(Request& request) const {
  if (rest_.empty()) return (*handler_)(request);
  return rest_.front()->handle(request, Next(rest_.subspan(1), *handler_));
}

using Chain = std::vector<std::unique_ptr<Middleware>>;

/// A reply that is already known.
inline Reply ready(Response response) { co_return response; }

}  // namespace ballast::http
