#include "auth/key_set.hpp"

#include <fstream>
#include <iterator>

#include "json/reader.hpp"
#include "text/base64.hpp"

namespace ballast::auth {
namespace {

constexpr std::size_t file_limit = 1U << 20;  // a hundred keys with certificate chains stay far below

Error setting_error(std::string message) { return make_error(500, "BLST_SETTING", std::move(message)); }

Error in_setting(std::string_view setting, Error error) {
  error.message = std::string(setting) + ": " + error.message;
  return error;
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(file_limit + 1, '\0');
  if (!file) return setting_error("jwks: cannot read " + path);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return setting_error("jwks: cannot read " + path);
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > file_limit) return setting_error("jwks: " + path + " is larger than 1 MiB");
  return text;
}

bool looks_like_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

}  // namespace

Result<void> KeySet::add(Key key) {
  if (keys_.size() >= limit) return setting_error("there are more than 100 keys");
  keys_.push_back(std::move(key));
  return {};
}

Result<void> KeySet::add_json(std::string_view json) {
  const auto document = json::parse(json, json::Limits{.size = file_limit, .depth = 16});
  if (!document || document->kind != json::ValueKind::object) {
    return setting_error("expected a JSON Web Key or a set of them")
        .with_hint(document ? "{\"keys\": […]}" : document.error().details);
  }
  std::string_view set;
  for (const auto& member : json::members(document->raw)) {
    if (member.key == "keys") set = member.raw;
  }
  const auto add_one = [this](std::string_view jwk) -> Result<void> {
    BALLAST_TRY(auto key, Key::from_jwk(jwk));
    if (!key) return {};
    return add(*std::move(key));
  };
  const std::size_t before = keys_.size();
  if (set.empty()) {
    BALLAST_CHECKED(add_one(document->raw));
  } else if (json::kind_of(set) == json::ValueKind::array) {
    BALLAST_CHECKED(json::each_element(set, add_one));
  } else {
    return setting_error("\"keys\" is no array");
  }
  if (keys_.size() == before) return setting_error("none of the keys can check signatures");
  return {};
}

Result<KeySet> KeySet::load(const Settings& settings) {
  KeySet set;
  if (looks_like_json(settings.jwt_secret)) {
    if (auto added = set.add_json(settings.jwt_secret); !added) return in_setting("jwt.secret", added.error());
  } else if (!settings.jwt_secret.empty()) {
    std::string secret = settings.jwt_secret;
    if (settings.jwt_secret_is_base64) {
      auto decoded = text::base64_decode_lenient(secret);
      if (!decoded) return setting_error("jwt.secret: expected base64, since jwt.secret_is_base64 is set");
      secret = *std::move(decoded);
    }
    auto key = Key::from_secret(std::move(secret));
    if (!key) return in_setting("jwt.secret", key.error());
    BALLAST_CHECKED(set.add(*std::move(key)));
  }
  if (!settings.jwks_file.empty()) {
    BALLAST_TRY(const std::string text, read_file(settings.jwks_file));
    if (auto added = set.add_json(text); !added) return in_setting("jwks.file", added.error());
  }
  return set;
}

}  // namespace ballast::auth
