#include "http/target.hpp"

#include <algorithm>

#include "http/iequals.hpp"
#include "text/chars.hpp"

namespace ballast::http {
namespace {

Error bad_target(std::string message) { return make_error(400, "BLST400", std::move(message)); }

}  // namespace

bool valid_host(std::string_view host) noexcept {
  constexpr std::string_view others = "-._~!$&'()*+;=:%[]";
  return std::all_of(host.begin(), host.end(), [&](char c) {
    return text::is(c, text::alpha | text::digit) || others.find(c) != std::string_view::npos;
  });
}

Result<Target> parse_target(Method method, std::string_view target) {
  Target parsed;
  std::string_view origin = target;
  if (target == "*") {
    if (method != Method::options) return bad_target("the target * is for OPTIONS only");
    parsed.origin = parsed.path = target;
    return parsed;
  }
  if (!origin.starts_with('/')) {
    std::size_t scheme = 0;
    for (const std::string_view known : {"http://", "https://"}) {
      if (iequals(origin.substr(0, known.size()), known)) scheme = known.size();
    }
    if (scheme == 0) return bad_target("expected a target that starts with / or http://");
    origin.remove_prefix(scheme);
    const std::size_t end = std::min(origin.find_first_of("/?#"), origin.size());
    parsed.authority = origin.substr(0, end);
    if (parsed.authority.empty() || !valid_host(parsed.authority)) {
      return bad_target("expected a host name in the target");
    }
    origin.remove_prefix(end);
  }
  for (std::size_t i = 0; i < origin.size(); ++i) {
    if (origin[i] == '#') return bad_target("a target has no fragment; write %23 for a # in a value");
    if (origin[i] != '%') continue;
    if (origin.size() - i < 3 || !text::is(origin[i + 1], text::hex) || !text::is(origin[i + 2], text::hex)) {
      return bad_target("expected two hexadecimal digits after % at position " + std::to_string(i) +
                        " of the target; write %25 for a percent sign");
    }
    if (origin[i + 1] == '0' && origin[i + 2] == '0') return bad_target("the target holds a NUL (%00)");
    i += 2;
  }
  const std::size_t mark = origin.find('?');
  parsed.origin = origin;
  parsed.path = origin.substr(0, mark);
  if (mark != std::string_view::npos) parsed.query = origin.substr(mark + 1);
  if (parsed.path.empty()) {  // absolute-form without a path
    parsed.path = "/";
    if (parsed.origin.empty()) parsed.origin = parsed.path;
  }
  return parsed;
}

}  // namespace ballast::http
