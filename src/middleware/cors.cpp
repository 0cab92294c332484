#include "middleware/cors.hpp"

#include <algorithm>

namespace ballast::middleware {
namespace {

constexpr std::size_t origin_limit = 512;
constexpr std::size_t requested_limit = 4096;

/// A list of field names: nothing that could become a field of its own.
bool is_name_list(std::string_view text) noexcept {
  return text.size() <= requested_limit && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                  c == ',' || c == ' ';
         });
}

}  // namespace

Result<std::unique_ptr<Cors>> Cors::make(CorsSettings settings) {
  std::unique_ptr<Cors> cors(new Cors(std::move(settings)));
  for (const auto& text : cors->settings_.allowed_origins) {
    if (text == "*") {
      cors->everybody_ = true;
      continue;
    }
    BALLAST_TRY(auto pattern, OriginPattern::parse(text));
    cors->patterns_.push_back(std::move(pattern));
  }
  if (cors->everybody_ && cors->settings_.allow_credentials) {
    return make_error(500, "BLST_SETTING", "cors.allowed_origins: \"*\" cannot be combined with cors.allow_credentials")
        .with_hint("list the origins: any site could otherwise act with its visitors' cookies");
  }
  for (const auto& name : cors->settings_.expose_headers) {
    if (!cors->exposed_.empty()) cors->exposed_ += ", ";
    cors->exposed_ += name;
  }
  return cors;
}

bool Cors::allows(std::string_view origin) const noexcept {
  if (everybody_) return true;
  return origin.size() <= origin_limit &&
         std::any_of(patterns_.begin(), patterns_.end(), [&](const auto& pattern) { return pattern.matches(origin); });
}

void Cors::allow(http::Response& response, std::string_view origin) const {
  response.add("Access-Control-Allow-Origin", everybody_ ? "*" : std::string(origin));
  if (settings_.allow_credentials) response.add("Access-Control-Allow-Credentials", "true");
}

http::Response Cors::preflight(const http::Request& request, std::string_view origin) const {
  http::Response response;
  response.status = 204;
  allow(response, origin);
  response.add("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  const std::string requested = request.headers.joined("Access-Control-Request-Headers");
  if (!requested.empty() && is_name_list(requested)) response.add("Access-Control-Allow-Headers", requested);
  response.add("Access-Control-Max-Age", std::to_string(settings_.max_age.count()));
  response.add("Vary", everybody_ ? "Access-Control-Request-Headers"
                                  : "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
  return response;
}

http::Reply Cors::handle(http::Request& request, http::Next next) const {
  const std::string_view origin = request.headers.find("Origin").value_or("");
  const bool allowed = !origin.empty() && allows(origin);
  if (allowed && request.method == http::Method::options && request.headers.find("Access-Control-Request-Method")) {
    co_return preflight(request, origin);
  }
  http::Response response = co_await next(request);
  if (everybody_ || allowed) {
    allow(response, origin);
    if (!exposed_.empty()) response.add("Access-Control-Expose-Headers", exposed_);
  }
  if (!everybody_) response.vary("Origin");
  co_return response;
}

}  // namespace ballast::middleware
