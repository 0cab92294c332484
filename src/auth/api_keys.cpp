#include "auth/api_keys.hpp"

namespace ballast::auth {

Result<ApiKeys> ApiKeys::load(const Settings& settings) {
  ApiKeys keys;
  if (settings.api_keys.size() > limit)
    return make_error(500, "BLST_SETTING", "api_keys: there are more than 10000 keys");
  for (const auto& [name, key] : settings.api_keys) {
    const auto digest = parse_digest(key.hash);
    if (!digest) {
      return make_error(500, "BLST_SETTING",
                        "api_keys." + name + ".hash: expected a SHA-256 hash of 64 hexadecimal digits")
          .with_hint("printf %s \"$KEY\" | sha256sum");
    }
    if (key.role.empty()) return make_error(500, "BLST_SETTING", "api_keys." + name + ".role: expected a role");
    if (keys.find(*digest) != nullptr) {
      return make_error(500, "BLST_SETTING", "api_keys." + name + ".hash: another key has the same hash");
    }
    keys.digests_.push_back(*digest);
    keys.entries_.push_back({name, key.role});
  }
  return keys;
}

const ApiKeys::Entry* ApiKeys::find(const Digest& digest) const noexcept {
  std::size_t found = 0;
  for (std::size_t i = 0; i < digests_.size(); ++i) {
    found |= (std::size_t{0} - static_cast<std::size_t>(same(digests_[i], digest))) & (i + 1);
  }
  return found == 0 ? nullptr : &entries_[found - 1];
}

}  // namespace ballast::auth
