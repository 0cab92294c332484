#include "http/router.hpp"

#include <algorithm>

namespace ballast::http {
namespace {

bool lists(const std::vector<Method>& methods, Method method) {
  return std::find(methods.begin(), methods.end(), method) != methods.end();
}

bool is_below(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return false;
  return path.size() == prefix.size() || prefix.ends_with('/') || path[prefix.size()] == '/';
}

}  // namespace

Router::Router(ErrorRenderer render) : render_(std::move(render)) {
  if (!render_) render_ = [](const Request&, const Error& error) { return problem_response(error); };
}

void Router::exact(std::string path, std::vector<Method> methods, Handler handler) {
  Route route;
  route.label = path;
  route.path = std::move(path);
  route.methods = std::move(methods);
  route.handler = std::move(handler);
  if (lists(route.methods, Method::get) && !lists(route.methods, Method::head)) route.methods.push_back(Method::head);
  for (const Method method : route.methods) { route.allow += std::string(to_string(method)) + ", "; }
  if (!lists(route.methods, Method::options)) {
    route.allow += "OPTIONS";
  } else {
    route.allow.resize(route.allow.size() - 2);
  }
  exact_.push_back(std::move(route));
}

void Router::prefix(std::string prefix, Handler handler) {
  std::string label = prefix + (prefix.ends_with('/') ? "*" : "/*");
  prefixes_.push_back({.path = std::move(prefix),
                       .label = std::move(label),
                       .methods = {},
                       .allow = {},
                       .handler = std::move(handler)});
  std::stable_sort(prefixes_.begin(), prefixes_.end(),
                   [](const Route& a, const Route& b) { return a.path.size() > b.path.size(); });
}

Reply Router::operator()(Request& request) const {
  for (const Route& route : exact_) {
    if (request.path != route.path) continue;
    request.route = route.label;
    if (!route.methods.empty() && !lists(route.methods, request.method)) return other_method(request, route);
    return route.handler(request);
  }
  for (const Route& route : prefixes_) {
    if (!is_below(request.path, route.path)) continue;
    request.route = route.label;
    return route.handler(request);
  }
  return ready(render_(request, make_error(404, "BLST404", "nothing is served at this path")));
}

Reply Router::other_method(Request& request, const Route& route) const {
  if (request.method == Method::options) {
    Response response;
    response.status = 204;
    response.add("Allow", route.allow);
    return ready(std::move(response));
  }
  return ready(render_(
      request,
      make_error(405, "BLST405", "expected one of the methods " + route.allow).with_header("Allow", route.allow)));
}

}  // namespace ballast::http
