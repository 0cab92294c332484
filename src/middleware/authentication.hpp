#pragma once

#include <memory>

#include "auth/authenticator.hpp"
#include "http/handler.hpp"

namespace ballast::middleware {

/// Finds out who a request speaks for. `Authorization: Bearer` wins over `apikey` and `X-API-Key`, so that Supabase's
/// clients, which send the project's key always and the user's token when there is one, act as the user. Other schemes
/// are left to whoever they are for: such a caller is anonymous, as in PostgREST. Credentials that are wrong are
/// refused, never ignored.
class Authentication final : public http::Middleware {
 public:
  /// `timed`: starts the request's stopwatch.
  Authentication(std::unique_ptr<const auth::Authenticator> authenticator, http::ErrorRenderer render,
                 bool timed = false)
      : authenticator_(std::move(authenticator)), render_(std::move(render)), timed_(timed) {}
  http::Reply handle(http::Request& request, http::Next next) const override;

 private:
  Result<policy::Principal> identify(const http::Headers& headers) const;

  std::unique_ptr<const auth::Authenticator> authenticator_;
  http::ErrorRenderer render_;
  bool timed_;
};

}  // namespace ballast::middleware
