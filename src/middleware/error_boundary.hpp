#pragma once

#include "http/handler.hpp"
#include "observe/log.hpp"

namespace ballast::middleware {

/// An exception from what is behind it becomes 500 BLST500 without detail; what it said goes to the log.
class ErrorBoundary final : public http::Middleware {
 public:
  ErrorBoundary(const observe::Logger& log, http::ErrorRenderer render) : log_(log), render_(std::move(render)) {}
  http::Reply handle(http::Request& request, http::Next next) const override;

 private:
  http::Response failed(const http::Request& request, std::string_view what) const;

  const observe::Logger& log_;
  http::ErrorRenderer render_;
};

}  // namespace ballast::middleware
