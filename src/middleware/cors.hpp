#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "http/handler.hpp"
#include "middleware/origin_pattern.hpp"
#include "middleware/settings.hpp"

namespace ballast::middleware {

/// Cross-origin sharing (https://fetch.spec.whatwg.org/#http-cors-protocol). Answers preflights of allowed origins
/// itself; other requests pass, with the fields that let an allowed origin's scripts read the answer. What depends on
/// the origin says so in Vary, whether or not this request had one.
class Cors final : public http::Middleware {
 public:
  /// An error says which setting is wrong: a malformed pattern, or `*` with credentials.
  static Result<std::unique_ptr<Cors>> make(CorsSettings settings);

  http::Reply handle(http::Request& request, http::Next next) const override;

 private:
  explicit Cors(CorsSettings settings) : settings_(std::move(settings)) {}
  bool allows(std::string_view origin) const noexcept;
  void allow(http::Response& response, std::string_view origin) const;
  http::Response preflight(const http::Request& request, std::string_view origin) const;

  CorsSettings settings_;
  std::string exposed_;
  std::vector<OriginPattern> patterns_;
  bool everybody_ = false;
};

}  // namespace ballast::middleware
