#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ballast::text {

/// Base64url without padding, as JOSE has it (RFC 7515, 2; RFC 4648, 5). Strict: no white space, no padding, no bits
/// set behind the last byte, so that one value has one spelling.
std::optional<std::string> base64url_decode(std::string_view text);
std::string base64url_encode(std::string_view bytes);

/// Appends base64 with padding (RFC 4648, 4).
void append_base64(std::string& out, std::string_view bytes);

/// Base64 of either alphabet, padded or not: how people write secrets.
std::optional<std::string> base64_decode_lenient(std::string_view text);

}  // namespace ballast::text
