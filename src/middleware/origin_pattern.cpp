#include "middleware/origin_pattern.hpp"

#include <algorithm>

#include "text/chars.hpp"

namespace ballast::middleware {
namespace {

bool is_host_char(char c) noexcept {
  return text::is(c, text::alpha | text::digit) || c == '-' || c == '.' || c == '_';
}

/// Labels apart by single dots; or an IPv6 address in brackets.
bool is_host(std::string_view host) noexcept {
  if (host.starts_with('[') && host.ends_with(']') && host.size() > 4) {
    host = host.substr(1, host.size() - 2);
    return std::all_of(host.begin(), host.end(), [](char c) { return text::is(c, text::hex) || c == ':' || c == '.'; });
  }
  if (host.empty() || host.front() == '.' || host.back() == '.' || host.find("..") != std::string_view::npos)
    return false;
  return std::all_of(host.begin(), host.end(), is_host_char);
}

bool is_port(std::string_view port) noexcept {
  return !port.empty() && port.size() <= 5 &&
         std::all_of(port.begin(), port.end(), [](char c) { return text::is(c, text::digit); });
}

/// Where ":port" begins, or the end.
std::size_t port_at(std::string_view authority) noexcept {
  const std::size_t colon = authority.rfind(':');
  const std::size_t bracket = authority.rfind(']');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket))
    return authority.size();
  return colon;
}

}  // namespace

Result<OriginPattern> OriginPattern::parse(std::string_view text) {
  const auto wrong = [text](std::string expected) {
    return make_error(500, "BLST_SETTING",
                      "cors.allowed_origins: expected " + std::move(expected) + ", got \"" + std::string(text) + "\"")
        .with_hint("for example https://app.example.com, https://*.example.com or http://localhost:*");
  };
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), text::lower);
  const std::size_t separator = lower.find("://");
  if (separator == std::string::npos || separator == 0 ||
      !std::all_of(lower.begin(), lower.begin() + static_cast<std::ptrdiff_t>(separator),
                   [](char c) { return text::is(c, text::alpha | text::digit) || c == '+' || c == '-' || c == '.'; })) {
    return wrong("an origin with its scheme");
  }
  OriginPattern pattern;
  pattern.scheme_ = lower.substr(0, separator + 3);
  std::string_view authority = std::string_view(lower).substr(separator + 3);
  const std::size_t colon = port_at(authority);
  const std::string_view port = authority.substr(colon);
  authority = authority.substr(0, colon);
  if (port == ":*") {
    pattern.any_port_ = true;
  } else if (!port.empty()) {
    if (!is_port(port.substr(1))) return wrong("a port number");
    pattern.port_ = port;
  }
  if (authority.starts_with("*.")) {
    pattern.subdomains_ = true;
    authority.remove_prefix(2);
    pattern.host_ = '.';
  }
  if (!is_host(authority)) return wrong("a host name, or \"*.\" and a host name, without a path");
  pattern.host_ += authority;
  // Browsers leave out the scheme's own port.
  if ((pattern.scheme_ == "https://" && pattern.port_ == ":443") ||
      (pattern.scheme_ == "http://" && pattern.port_ == ":80")) {
    pattern.port_.clear();
  }
  return pattern;
}

bool OriginPattern::matches(std::string_view origin) const noexcept {
  if (!origin.starts_with(scheme_)) return false;
  origin.remove_prefix(scheme_.size());
  const std::size_t colon = port_at(origin);
  const std::string_view port = origin.substr(colon);
  if (any_port_ ? !port.empty() && !is_port(port.substr(1)) : port != port_) return false;
  const std::string_view host = origin.substr(0, colon);
  if (!subdomains_) return host == host_;
  return host.size() > host_.size() && host.ends_with(host_) && is_host(host);
}

}  // namespace ballast::middleware
