#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ballast::middleware {

/// An origin (RFC 6454, 7) or a pattern of them, as in `cors.allowed_origins`:
///
///     pattern = scheme "://" ( host / "*." host ) [ ":" ( port / "*" ) ]
///
/// `*.` stands for one label or more (not for none), `:*` for any port or none. Everything is compared in lower case,
/// as browsers send it. `*` for every origin is not a pattern; the CORS middleware knows it by itself.
class OriginPattern {
 public:
  static Result<OriginPattern> parse(std::string_view text);

  bool matches(std::string_view origin) const noexcept;

 private:
  std::string scheme_;  // "https://"
  std::string host_;    // "app.example.com", or ".example.com" when it stands for what is below
  std::string port_;    // ":8080" or empty
  bool subdomains_ = false;
  bool any_port_ = false;
};

}  // namespace ballast::middleware
