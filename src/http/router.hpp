#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/handler.hpp"

namespace ballast::http {

/// Which handler a path belongs to. Built before the server starts, then constant; outlives every request, since
/// `Request::route` points into it.
class Router {
 public:
  /// Answers unknown paths (404) and methods (405); null: problem_response.
  explicit Router(ErrorRenderer render);

  /// That path and no other. With `methods`, others get 405 and Allow; `get` implies `head`, and OPTIONS is answered
  /// here unless it is listed. Empty: every method.
  void exact(std::string path, std::vector<Method> methods, Handler handler);
  /// `/rest/v1` and everything below `/rest/v1/`. The longest prefix wins; "/" catches what is left.
  void prefix(std::string prefix, Handler handler);

  /// Sets `request.route` to the path or, for prefixes, to `PREFIX/*`; a handler may set it more precisely.
  Reply operator()(Request& request) const;

 private:
  struct Route {
    std::string path;
    std::string label;
    std::vector<Method> methods;
    std::string allow;
    Handler handler;
  };

  Reply other_method(Request& request, const Route& route) const;

  ErrorRenderer render_;
  std::vector<Route> exact_;
  std::vector<Route> prefixes_;  // longest first
};

}  // namespace ballast::http
