#pragma once

#include <string>
#include <string_view>

#include "http/request.hpp"

namespace ballast::idempotency {

/// What makes two requests the same: 64 hexadecimal digits, the SHA-256 of method, path, query (its parameters decoded
/// and sorted), media types, profiles, range and preconditions, the preferences that shape an answer, and the body,
/// each with its length.
std::string fingerprint_of(const http::Request& request);

/// Of a Prefer header: in seconds; 0 when it does not say, or says nonsense (RFC 7240 section 4.3).
long wait_of(std::string_view prefer);

}  // namespace ballast::idempotency
