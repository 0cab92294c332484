#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::idempotency {

/// Where the outcome of a key is told.
constexpr std::string_view path = "/idempotency/v1/";

struct Settings {
  bool enabled = true;
  bool anonymous = false;             ///< callers without credentials may use keys, all of them in one scope
  std::chrono::seconds ttl{86'400};   ///< how long an answer is kept
  std::chrono::seconds max_wait{25};  ///< of `Prefer: wait=N`
  std::size_t max_body = 65'536;      ///< bytes of an answer that are kept; a longer one is kept without its body
  std::vector<std::string> required;  ///< paths whose writes are refused without a key
};

}  // namespace ballast::idempotency
