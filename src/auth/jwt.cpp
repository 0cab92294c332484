#include "auth/jwt.hpp"

#include <algorithm>

#include "auth/errors.hpp"
#include "json/reader.hpp"
#include "json/scanner.hpp"
#include "text/base64.hpp"

namespace ballast::auth {
namespace {

constexpr std::string_view undecodable = "JWT couldn't be decoded";
constexpr std::string_view failed = "JWT cryptographic operation failed";
constexpr std::string_view wrong_algorithm = "Wrong or unsupported encoding algorithm";
constexpr std::string_view no_key = "No suitable key or wrong key type";

struct Header {
  Algorithm algorithm = Algorithm::hs256;
  std::string key_id;
  bool has_key_id = false;
};

Result<Header> parse_header(std::string_view part, const Settings& settings) {
  const auto text = text::base64url_decode(part);
  if (!text) return token_refused(std::string(failed));
  const auto document = json::parse(*text, json::Limits{.size = settings.jwt_limit, .depth = 16});
  if (!document || document->kind != json::ValueKind::object) return token_refused(std::string(undecodable));
  Header header;
  std::string algorithm;
  for (const auto& [name, raw] : json::members(document->raw)) {
    if (name == "alg") algorithm = json::string_value(raw);
    if (name == "crit") {
      return token_refused(std::string(wrong_algorithm),
                           "the JWT has critical header parameters, which are not understood");
    }
    if (name == "kid") {
      header.key_id = json::string_value(raw);
      header.has_key_id = true;
    }
  }
  if (algorithm == "none") {
    return token_refused(std::string(wrong_algorithm), "JWT is unsecured but expected 'alg' was not 'none'");
  }
  const auto known = parse_algorithm(algorithm);
  if (!known) return token_refused(std::string(undecodable));
  header.algorithm = *known;
  return header;
}

Result<void> check_signature(const Header& header, std::string_view signed_text, std::string_view signature,
                             const KeySet& keys) {
  bool tried = false;
  for (const Key& key : keys.keys()) {
    if (!key.fits(header.algorithm)) continue;
    if (header.has_key_id && key.id() != header.key_id) continue;
    tried = true;
    if (key.verify(header.algorithm, signed_text, signature)) return {};
  }
  return token_refused(std::string(no_key), tried ? "None of the keys was able to decode the JWT"
                                                  : "No suitable key was found to decode the JWT");
}

}  // namespace

Result<Token> verify_token(std::string_view text, const KeySet& keys, const RoleClaim& role, const Settings& settings) {
  if (text.empty()) return token_refused("Empty JWT is sent in Authorization header");
  if (text.size() > settings.jwt_limit) return token_refused(std::string(undecodable), "the JWT is too long");
  const auto dots = std::count(text.begin(), text.end(), '.');
  if (dots != 2) return token_refused("Expected 3 parts in JWT; got " + std::to_string(dots + 1));

  const std::size_t header_end = text.find('.');
  const std::size_t payload_end = text.rfind('.');
  BALLAST_TRY(const Header header, parse_header(text.substr(0, header_end), settings));
  const auto signature = text::base64url_decode(text.substr(payload_end + 1));
  if (!signature) return token_refused(std::string(failed));
  BALLAST_CHECKED(check_signature(header, text.substr(0, payload_end), *signature, keys));

  const auto payload = text::base64url_decode(text.substr(header_end + 1, payload_end - header_end - 1));
  if (!payload) return token_refused(std::string(undecodable));
  Token token;
  BALLAST_TRY(token.claims, parse_claims(*payload, settings));
  token.role = role.find(token.claims.json);
  return token;
}

}  // namespace ballast::auth
