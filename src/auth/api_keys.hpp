#pragma once

#include <string>
#include <vector>

#include "auth/digest.hpp"
#include "auth/settings.hpp"
#include "base/result.hpp"

namespace ballast::auth {

/// API keys, known by their hashes alone. Constant once made.
class ApiKeys {
 public:
  static constexpr std::size_t limit = 10'000;  ///< each look-up passes over them all

  struct Entry {
    std::string name;
    std::string role;
  };

  static Result<ApiKeys> load(const Settings& settings);

  bool empty() const noexcept { return entries_.empty(); }
  /// Null when unknown. Takes the same time whichever key it is, and however near a miss came.
  const Entry* find(const Digest& digest) const noexcept;

 private:
  std::vector<Digest> digests_;
  std::vector<Entry> entries_;
};

}  // namespace ballast::auth
