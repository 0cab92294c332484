#include "middleware/authentication.hpp"

#include "auth/errors.hpp"
#include "http/iequals.hpp"

namespace ballast::middleware {

Result<policy::Principal> Authentication::identify(const http::Headers& headers) const {
  std::string_view authorization;
  std::optional<std::string_view> key;
  unsigned authorizations = 0;
  for (const auto& [name, value] : headers.fields()) {
    if (name.size() == 13 && http::iequals(name, "Authorization")) {
      authorization = value;
      ++authorizations;
    } else if (!key && ((name.size() == 6 && http::iequals(name, "apikey")) ||
                        (name.size() == 9 && http::iequals(name, "X-API-Key")))) {
      key = value;
    }
  }
  // Two callers in one request: a proxy in front may have looked at the other one.
  if (authorizations > 1) return auth::token_refused("Several Authorization headers are sent");
  const std::size_t space = authorization.find(' ');
  if (authorizations == 1 && http::iequals(authorization.substr(0, space), "Bearer")) {
    std::string_view credential =
        space == std::string_view::npos ? std::string_view() : authorization.substr(space + 1);
    while (credential.starts_with(' ')) credential.remove_prefix(1);
    return authenticator_->bearer(credential);
  }
  if (key) return authenticator_->api_key(*key);
  return authenticator_->anonymous();
}

http::Reply Authentication::handle(http::Request& request, http::Next next) const {
  if (timed_) request.watch.start();
  auto who = identify(request.headers);
  request.watch.lap(http::Phase::credentials);
  if (!who) return http::ready(render_(request, who.error()));
  request.principal = *std::move(who);
  return next(request);
}

}  // namespace ballast::middleware
