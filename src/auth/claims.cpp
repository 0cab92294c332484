#include "auth/claims.hpp"

#include <charconv>
#include <cmath>

#include "auth/errors.hpp"
#include "json/reader.hpp"
#include "json/scanner.hpp"
#include "json/writer.hpp"

namespace ballast::auth {
namespace {

constexpr int depth_limit = 32;

double seconds_of(WallTime time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

class Reader {
 public:
  explicit Reader(Claims& claims) : claims_(claims) {}

  void time(std::string_view name, std::string_view raw, std::optional<double>& into) {
    const auto kind = json::kind_of(raw);
    if (kind == json::ValueKind::null) return;
    double number = 0;
    if (kind == json::ValueKind::number &&
        std::from_chars(raw.data(), raw.data() + raw.size(), number).ec == std::errc()) {
      into = number;
      return;
    }
    refuse("The JWT '" + std::string(name) + "' claim must be a number");
  }

  /// One string, or an array of them; null and an empty array speak to everybody, as in PostgREST.
  void audience(std::string_view raw, std::string_view wanted) {
    const auto kind = json::kind_of(raw);
    if (kind == json::ValueKind::null) return;
    bool strings = kind == json::ValueKind::string;
    bool found = strings && json::string_value(raw) == wanted;
    if (kind == json::ValueKind::array) {
      strings = true;
      bool any = false;
      const auto walked = json::each_element(raw, [&](std::string_view element) -> Result<void> {
        any = true;
        strings = strings && json::kind_of(element) == json::ValueKind::string;
        found = found || json::string_value(element) == wanted;
        return {};
      });
      strings = strings && walked.ok();
      found = found || !any;
    }
    if (!strings) return refuse("The JWT 'aud' claim must be a string or an array of strings");
    if (!wanted.empty() && !found) refuse("JWT not in audience");
  }

  void refuse(std::string message) {
    if (!claims_.wrong) claims_.wrong = claims_refused(std::move(message));
  }

 private:
  Claims& claims_;
};

}  // namespace

Result<Claims> parse_claims(std::string_view payload, const Settings& settings) {
  const auto document = json::parse(payload, json::Limits{.size = settings.jwt_limit, .depth = depth_limit});
  if (!document || document->kind != json::ValueKind::object) return claims_refused("Parsing claims failed");

  Claims claims;
  Reader read(claims);
  std::string_view issuer;
  std::string_view audience;
  claims.json = '{';
  for (const auto& [name, raw] : json::members(document->raw)) {
    if (claims.json.size() > 1) claims.json += ',';
    json::append_string(claims.json, name);
    claims.json += ':';
    claims.json += raw;
    if (name == "exp") read.time(name, raw, claims.expires);
    if (name == "nbf") read.time(name, raw, claims.not_before);
    if (name == "iat") read.time(name, raw, claims.issued);
    if (name == "aud") audience = raw;
    if (name == "iss") issuer = raw;
    if (name == "sub") claims.subject = json::string_value(raw);
  }
  claims.json += '}';
  if (!audience.empty()) read.audience(audience, settings.jwt_audience);
  if (!settings.jwt_issuer.empty() && json::string_value(issuer) != settings.jwt_issuer) {
    read.refuse("JWT issuer not accepted");
  }
  return claims;
}

bool Claims::expired(WallTime now, std::chrono::seconds skew) const {
  return expires && seconds_of(now) - static_cast<double>(skew.count()) > *expires;
}

Result<void> Claims::check(WallTime now, std::chrono::seconds skew) const {
  const double latest = seconds_of(now) + static_cast<double>(skew.count());
  if (expired(now, skew)) return claims_refused("JWT expired");
  if (not_before && latest < *not_before) return claims_refused("JWT not yet valid");
  if (issued && latest < *issued) return claims_refused("JWT issued at future");
  if (wrong) return *wrong;
  return {};
}

std::string with_role(std::string_view claims, std::string_view role) {
  std::string out = "{\"role\":";
  json::append_string(out, role);
  for (const auto& member : json::members(claims)) {
    if (member.key == "role") continue;
    out.push_back(',');
    json::append_string(out, member.key);
    out.push_back(':');
    out.append(member.raw);
  }
  out.push_back('}');
  return out;
}

}  // namespace ballast::auth
