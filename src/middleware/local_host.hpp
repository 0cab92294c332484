#pragma once

#include "http/handler.hpp"

namespace ballast::middleware {

/// Development answers everybody everything, so it must not be reachable from a web page: a page of a site whose name
/// was made to point at 127.0.0.1 (DNS rebinding) sends that name as Host, and gets 403. Names of this machine are
/// `localhost`, what ends in `.localhost` (RFC 6761 section 6.3), and loopback addresses.
class LocalHost final : public http::Middleware {
 public:
  explicit LocalHost(http::ErrorRenderer render) : render_(std::move(render)) {}
  http::Reply handle(http::Request& request, http::Next next) const override;

 private:
  http::ErrorRenderer render_;
};

}  // namespace ballast::middleware
