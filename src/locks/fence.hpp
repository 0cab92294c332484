#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ballast::locks {

/// What `Ballast-Fence` says: execute this write only if that lease is current.
struct Fence {
  std::string name;
  std::int64_t token = 0;
  friend bool operator==(const Fence&, const Fence&) = default;
};

/// The field's value, an Item of RFC 9651:
///
///     fence  ::= *SP name *SP ";" *SP "token=" 1*DIGIT *SP
///     name   ::= 1*( tchar / ":" / "/" ) / DQUOTE 1*( unescaped / "\" ( DQUOTE / "\" ) ) DQUOTE
///
/// Bare names may begin with a digit, too. The token is 1 to 2^63-1; other parameters are refused, since a misspelt
/// condition must not be no condition. 400 BLST810 says what was expected.
Result<Fence> parse_fence(std::string_view field, std::size_t max_name_length);

/// 412 BLST817: the lease is not current, so nothing was changed.
Error fence_failed(const Fence& fence);

}  // namespace ballast::locks
