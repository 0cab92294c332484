#include "middleware/body_limit.hpp"

#include "http/iequals.hpp"

namespace ballast::middleware {

http::Reply BodyLimit::handle(http::Request& request, http::Next next) const {
  if (request.body.empty()) return next(request);
  std::string_view type = request.headers.find("Content-Type").value_or("");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  for (const auto& [limited, limit] : settings_.by_type) {
    if (http::iequals(type, limited) && request.body.size() > limit) {
      return http::ready(render_(
          request, make_error(413, "BLST413",
                              "a body of type " + limited + " may have at most " + std::to_string(limit) + " bytes")));
    }
  }
  return next(request);
}

}  // namespace ballast::middleware
