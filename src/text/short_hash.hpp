#pragma once

#include <string>
#include <string_view>

namespace ballast::text {

/// 128 bits of SHA-256 as 22 characters of base64url: for names that only have to differ.
std::string short_hash(std::string_view bytes);

}  // namespace ballast::text
