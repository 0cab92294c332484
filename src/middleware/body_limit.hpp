#pragma once

#include "http/handler.hpp"
#include "middleware/settings.hpp"

namespace ballast::middleware {

/// Bodies of certain media types have limits of their own, below the session's: 413 beyond.
class BodyLimit final : public http::Middleware {
 public:
  BodyLimit(BodyLimitSettings settings, http::ErrorRenderer render)
      : settings_(std::move(settings)), render_(std::move(render)) {}
  http::Reply handle(http::Request& request, http::Next next) const override;

 private:
  BodyLimitSettings settings_;
  http::ErrorRenderer render_;
};

}  // namespace ballast::middleware
