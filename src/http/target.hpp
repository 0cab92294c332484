#pragma once

#include <string_view>

#include "base/result.hpp"
#include "http/request.hpp"

namespace ballast::http {

/// A request target taken apart; views into what was parsed.
struct Target {
  std::string_view origin;  ///< origin-form: path and query, or "*"
  std::string_view path;
  std::string_view query;
  std::string_view authority;  ///< of absolute-form; overrides Host (RFC 9112, 3.2.2)
};

/// request-target = origin-form / absolute-form / asterisk-form (RFC 9112, 3.2); authority-form belongs to CONNECT,
/// which is not served. Percent sequences are validated, %00 is refused, as is a fragment: 400 `BLST400`.
Result<Target> parse_target(Method method, std::string_view target);

/// uri-host [ ":" port ] (RFC 9110, 7.2), by its characters; may be empty.
bool valid_host(std::string_view host) noexcept;

}  // namespace ballast::http
