#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace ballast::locks {

/// The exclusive hold on a name until a moment of the database's clock. `token` is a fencing number: of two leases of
/// one name the later one's is larger, whatever became of the first.
struct Lease {
  std::string name;
  std::int64_t token = 0;
  std::string owner;
  WallTime expires_at;
  /// How long it still lasted when the database was asked; never less than nothing.
  std::chrono::milliseconds left{0};
  friend bool operator==(const Lease&, const Lease&) = default;
};

/// name ::= 1*MAX( %x21-7E ): visible ASCII, so that every name can be written in a header.
bool is_lease_name(std::string_view text, std::size_t max_length) noexcept;

}  // namespace ballast::locks
