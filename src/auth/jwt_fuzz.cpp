// Tokens from arbitrary bytes. The oracle: nothing is accepted, for nobody but us knows the keys; and what a good
// signature covers is read without a fault.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "auth/jwt.hpp"
#include "auth/test_tokens.hpp"

namespace {

using namespace ballast::auth;

struct Fixture {
  Fixture() {
    settings.jwt_audience = "us";
    settings.jwt_secret = "fuzzersdonotguessthisfuzzersdonotguessthis";
    keys = *KeySet::load(settings);
    const auto added = keys.add_json(TestKey::ed25519().jwk());
    const auto also = keys.add_json(TestKey::ec("P-256").jwk());
    if (!added || !also) std::abort();
    role = *RoleClaim::parse(".app.roles[?(@ ^== \"a\")][1:-1]");
  }
  Settings settings;
  KeySet keys;
  RoleClaim role;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Fixture fixture;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (verify_token(text, fixture.keys, fixture.role, fixture.settings)) std::abort();

  const std::string signed_token = hmac_token(text, fixture.settings.jwt_secret);
  const auto token = verify_token(signed_token, fixture.keys, fixture.role, fixture.settings);
  if (token) {
    const auto again = parse_claims(token->claims.json, fixture.settings);
    if (!again || again->json != token->claims.json || again->subject != token->claims.subject) std::abort();
    const auto held = token->claims.check(ballast::system_clock().wall(), fixture.settings.jwt_clock_skew);
    if (!held && held.error().status != 401) std::abort();
  }
  return 0;
}
