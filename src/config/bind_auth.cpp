#include "config/setting.hpp"

namespace ballast::config {

void bind_auth(Registry& r) {
  r.secret(
      "jwt.secret", [](Settings & s) -> auto& { return s.auth.jwt_secret; },
      {.doc = "Verifies bearer tokens: an HMAC secret of 32 bytes or more (HS256, HS384, HS512), or a JWK or JWKS as "
              "JSON. `@path` reads it from a file, which keeps it out of the process list and the settings.",
       .example = "@/etc/ballast/jwt.secret",
       .reload = Reload::live});
  r.add("jwt.secret_is_base64", [](Settings & s) -> auto& { return s.auth.jwt_secret_is_base64; },
        {.doc = "`jwt.secret` is an HMAC secret in base64, as some identity providers hand it out.",
         .example = "true",
         .reload = Reload::live});
  r.add(
      "jwks", [](Settings & s) -> auto& { return s.auth.jwks_file; },
      {.doc = "A file with an identity provider's public keys (JWKS, RFC 7517), accepted besides `jwt.secret`: RS256, "
              "PS256, ES256, EdDSA. A key is bound to its algorithm. Read again on SIGHUP.",
       .example = "/etc/ballast/jwks.json",
       .reload = Reload::live});
  r.add("jwt.aud", [](Settings & s) -> auto& { return s.auth.jwt_audience; },
        {.doc = "The audience that a token's `aud` claim must name. Empty accepts every audience.",
         .example = "shop",
         .reload = Reload::live});
  r.add("jwt.iss", [](Settings & s) -> auto& { return s.auth.jwt_issuer; },
        {.doc = "The issuer that a token's `iss` claim must be. Empty accepts every issuer.",
         .example = "https://id.example.com/",
         .reload = Reload::live});
  r.add("jwt.role_claim_key", [](Settings & s) -> auto& { return s.auth.jwt_role_claim; },
        {.doc = "Where a token holds its role, as a path in PostgREST's jwt-role-claim-key notation.",
         .example = ".app_metadata.roles[0]",
         .reload = Reload::live});
  r.add("jwt.service_role", [](Settings & s) -> auto& { return s.auth.service_role; },
        {.doc = "A role that may do everything, whatever is granted to it: for your own back-end jobs. Empty: no role.",
         .example = "service_role",
         .reload = Reload::live});
  r.add("jwt.clock_skew", [](Settings & s) -> auto& { return s.auth.jwt_clock_skew; },
        {.doc =
             "What the clocks of Ballast and the tokens' issuer may differ by when `exp`, `nbf` and `iat` are checked.",
         .example = "5s",
         .reload = Reload::live,
         .minimum = 0,
         .maximum = 600'000'000'000});
  r.size("jwt.limit", [](Settings & s) -> auto& { return s.auth.jwt_limit; },
         {.doc = "The longest token that is looked at; longer ones are refused with 401.",
          .example = "8KiB",
          .reload = Reload::live,
          .minimum = 256,
          .maximum = 1 << 20});
  r.add("jwt.cache_entries", [](Settings & s) -> auto& { return s.auth.jwt_cache_entries; },
        {.doc = "How many verified tokens are remembered (by hash, until they expire), about 1 KiB each, so that a "
                "signature is checked once. 0 checks every time.",
         .example = "1000",
         .reload = Reload::live,
         .minimum = 0,
         .maximum = 10'000'000});
  r.section(
      {"api_keys", "NAME",
       "A key that a program presents as `Authorization: Bearer KEY`, `apikey` or `X-API-Key`. Only its SHA-256 hash "
       "is kept: `hash` in hexadecimal, `role` what the key's bearer may act as. NAME is the caller's subject in "
       "logs. Keys should be long and random (`openssl rand -hex 32`). Taken over on SIGHUP.",
       "[api_keys.importer]\nhash = \"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"\n"
       "role = \"member\"",
       [](Settings& s, const std::string& name, const std::string& key, const Raw& raw) -> Result<void> {
         const auto* text = std::get_if<std::string>(&raw);
         if (text == nullptr) return make_error(400, "BLST_SETTING", "expected text");
         if (key == "hash") {
           s.auth.api_keys[name].hash = *text;
         } else if (key == "role") {
           s.auth.api_keys[name].role = *text;
         } else {
           return make_error(400, "BLST_SETTING", "unknown; an API key has \"hash\" and \"role\"");
         }
         return {};
       }});
}

}  // namespace ballast::config
