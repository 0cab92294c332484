#include "auth/authenticator.hpp"

#include <algorithm>

#include "auth/errors.hpp"

namespace ballast::auth {

Authenticator::Authenticator(Settings settings, std::string anonymous_role, const Clock& clock,
                             observe::Metrics* metrics)
    : settings_(std::move(settings)),
      anonymous_role_(std::move(anonymous_role)),
      clock_(clock),
      anonymous_claims_(with_role("{}", anonymous_role_)),
      cache_(settings_.jwt_cache_entries) {
  if (metrics == nullptr) return;
  lookups_ = metrics->counter("ballast_jwt_cache_lookups_total", "Tokens looked up among the verified ones.");
  hits_ = metrics->counter("ballast_jwt_cache_hits_total", "Tokens found among the verified ones.");
}

Result<std::unique_ptr<Authenticator>> Authenticator::make(Settings settings, std::string anonymous_role,
                                                           const Clock& clock, observe::Metrics* metrics) {
  std::unique_ptr<Authenticator> made(
      new Authenticator(std::move(settings), std::move(anonymous_role), clock, metrics));
  BALLAST_TRY(made->keys_, KeySet::load(made->settings_));
  BALLAST_TRY(made->role_claim_, RoleClaim::parse(made->settings_.jwt_role_claim));
  BALLAST_TRY(made->api_keys_, ApiKeys::load(made->settings_));
  return made;
}

policy::Principal Authenticator::principal(std::string_view role, std::string_view subject) const {
  policy::Principal who;
  who.role = role.empty() ? std::string_view(anonymous_role_) : role;
  who.subject = subject;
  who.authenticated = who.role != anonymous_role_;
  who.bypass = who.authenticated && !settings_.service_role.empty() && who.role == settings_.service_role;
  return who;
}

Result<policy::Principal> Authenticator::anonymous() const {
  if (anonymous_role_.empty()) return anonymous_refused();
  policy::Principal who;
  who.role = anonymous_role_;
  who.claims_json = anonymous_claims_;
  return who;
}

std::optional<policy::Principal> Authenticator::known_key(const Digest& digest) const {
  const ApiKeys::Entry* entry = api_keys_.find(digest);
  if (entry == nullptr) return std::nullopt;
  policy::Principal who = principal(entry->role, entry->name);
  who.claims_json = with_role("{}", who.role);
  who.by_key = true;
  return who;
}

bool Authenticator::unchecked() const noexcept {
  return settings_.unchecked_is_anonymous && keys_.empty() && api_keys_.empty();
}

Result<policy::Principal> Authenticator::bearer(std::string_view credential) const {
  if (unchecked()) return anonymous();
  if (credential.size() > settings_.jwt_limit) return token_refused("JWT couldn't be decoded", "the JWT is too long");
  const Digest digest = sha256(credential);
  if (auto who = known_key(digest)) return *std::move(who);
  return token(credential, digest);
}

Result<policy::Principal> Authenticator::api_key(std::string_view credential) const {
  if (unchecked()) return anonymous();
  if (credential.empty() || credential.size() > settings_.jwt_limit) return api_key_refused();
  const Digest digest = sha256(credential);
  if (auto who = known_key(digest)) return *std::move(who);
  if (keys_.empty() || std::count(credential.begin(), credential.end(), '.') != 2) return api_key_refused();
  return token(credential, digest);
}

Result<policy::Principal> Authenticator::token(std::string_view text, const Digest& digest) const {
  if (keys_.empty()) return api_keys_.empty() ? secret_missing() : api_key_refused();
  lookups_.add();
  std::shared_ptr<const Token> token = cache_.find(digest);
  const WallTime now = clock_.wall();
  if (token) {
    hits_.add();
    if (token->claims.expired(now, settings_.jwt_clock_skew)) cache_.erase(digest);
  } else {
    BALLAST_TRY(auto verified, verify_token(text, keys_, role_claim_, settings_));
    const bool names_one = !verified.role.empty();
    verified.claims.json = with_role(verified.claims.json, names_one ? verified.role : anonymous_role_);
    token = std::make_shared<const Token>(std::move(verified));
    if (!token->claims.expired(now, settings_.jwt_clock_skew)) cache_.put(digest, token);
  }
  BALLAST_CHECKED(token->claims.check(now, settings_.jwt_clock_skew));
  if (token->role.empty() && anonymous_role_.empty()) return anonymous_refused();
  policy::Principal who = principal(token->role, token->claims.subject);
  who.claims_json = token->claims.json;
  return who;
}

}  // namespace ballast::auth
