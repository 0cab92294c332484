#pragma once

#include <cstdint>
#include <string>

namespace ballast::middleware {

/// Numbers for ids: unlikely to meet, not secret. One generator per thread, seeded by the system.
std::uint64_t random_bits();

/// Appends `bytes` random bytes as lower-case hexadecimal.
void append_random_hex(std::string& out, unsigned bytes);

}  // namespace ballast::middleware
