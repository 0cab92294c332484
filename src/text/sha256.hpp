#pragma once

#include <array>
#include <string>
#include <string_view>

namespace ballast::text {

/// SHA-256 (FIPS 180-4).
std::array<unsigned char, 32> sha256(std::string_view bytes);

/// The first 128 bits of it, as 22 characters of base64url: for names that only have to differ.
std::string short_sha256(std::string_view bytes);

}  // namespace ballast::text
