#include "locks/lease.hpp"

#include <algorithm>

namespace ballast::locks {

bool is_lease_name(std::string_view text, std::size_t max_length) noexcept {
  return !text.empty() && text.size() <= max_length &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace ballast::locks
