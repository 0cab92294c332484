#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "auth/key.hpp"
#include "auth/settings.hpp"
#include "base/result.hpp"

namespace ballast::auth {

/// The keys that tokens may be signed with. Constant once made.
class KeySet {
 public:
  static constexpr std::size_t limit = 100;  ///< keys: each token without `kid` may try them all

  /// From `jwt.secret` (a secret, a JWK or a JWKS) and the file `jwks.file`. Empty when neither is set. An error says
  /// which setting is wrong.
  static Result<KeySet> load(const Settings& settings);

  /// The keys of a JWK or JWKS; those that are not for us are left out.
  Result<void> add_json(std::string_view json);
  Result<void> add(Key key);

  bool empty() const noexcept { return keys_.empty(); }
  const std::vector<Key>& keys() const noexcept { return keys_; }

 private:
  std::vector<Key> keys_;
};

}  // namespace ballast::auth
