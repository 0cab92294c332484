#pragma once

#include <string_view>

namespace ballast::http {

/// RFC 9110's reason phrase; "Unknown" for codes without one.
std::string_view reason_phrase(int status) noexcept;

/// May an answer of that status have a body? (RFC 9110, 6.4.1)
constexpr bool allows_body(int status) noexcept { return status >= 200 && status != 204 && status != 304; }

}  // namespace ballast::http
