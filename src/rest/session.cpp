#include "rest/session.hpp"

#include <charconv>

#include "json/reader.hpp"
#include "json/writer.hpp"
#include "sql/dialect.hpp"
#include "text/chars.hpp"

namespace ballast::rest {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

void append_member(std::string& out, std::string_view key, std::string_view value) {
  out += out.size() > 1 ? "," : "";
  json::append_string(out, key);
  out += ':';
  json::append_string(out, value);
}

std::string headers_json(const http::Request& request) {
  std::string out = "{";
  for (const auto& [name, value] : request.headers.fields()) {
    const std::string key = lower(name);
    if (key != "cookie") append_member(out, key, value);
  }
  return out + "}";
}

/// RFC 6265, section 4.2.1: pairs apart by semicolons.
std::string cookies_json(const http::Request& request) {
  std::string out = "{";
  for (const auto& [name, value] : request.headers.fields()) {
    if (lower(name) != "cookie") continue;
    for (std::size_t from = 0; from < value.size();) {
      const std::size_t end = std::min(value.find(';', from), value.size());
      std::string_view pair = value.substr(from, end - from);
      while (pair.starts_with(' ')) pair.remove_prefix(1);
      const std::size_t equals = pair.find('=');
      if (equals != std::string_view::npos) append_member(out, pair.substr(0, equals), pair.substr(equals + 1));
      from = end + 1;
    }
  }
  return out + "}";
}

/// The token's claims, with the role that was found for a caller who names none.
std::string claims_json(const policy::Principal& principal, std::string_view role) {
  if (principal.claims_json.find("\"role\"") != std::string::npos) {
    for (const auto& member : json::members(principal.claims_json)) {
      if (member.key == "role") return principal.claims_json;
    }
  }
  std::string out = principal.claims_json;
  const std::size_t end = out.rfind('}');
  std::string member = out.find(':') == std::string::npos ? "\"role\":" : ",\"role\":";
  json::append_string(member, role);
  out.insert(end == std::string::npos ? 0 : end, member);
  return out;
}

std::string search_path(std::string_view schema, const std::vector<std::string>& more) {
  std::string out;
  sql::quote_identifier(out, schema);
  for (const auto& name : more) {
    if (name.empty()) continue;
    out += ", ";
    sql::quote_identifier(out, name);
  }
  return out;
}

std::string quoted_function(const std::string& name) {
  std::string out;
  for (std::size_t from = 0; from <= name.size();) {
    const std::size_t end = std::min(name.find('.', from), name.size());
    if (!out.empty()) out += '.';
    sql::quote_identifier(out, std::string_view(name).substr(from, end - from));
    from = end + 1;
  }
  return out;
}

Error bad_headers() {
  return make_error(500, "PGRST111",
                    "response.headers guc must be a JSON array composed of objects with a single key and a string "
                    "value");
}

/// A field's value that cannot end the field (RFC 9110, section 5.5).
bool fits_field(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

}  // namespace

storage::Session session_of(const http::Request& request, std::string_view path, std::string_view schema,
                            std::string_view anonymous, const Settings& settings) {
  storage::Session session;
  const std::string role(request.principal.role.empty() ? anonymous : std::string_view(request.principal.role));
  auto& all = session.settings;
  all.reserve(8);
  all.emplace_back("search_path", search_path(schema, settings.search_path));
  all.emplace_back("role", role);
  all.emplace_back("request.jwt.claims", claims_json(request.principal, role));
  all.emplace_back("request.method",
                   std::string(request.method_name.empty() ? http::to_string(request.method) : request.method_name));
  all.emplace_back("request.path", std::string(path));
  all.emplace_back("request.headers", headers_json(request));
  all.emplace_back("request.cookies", cookies_json(request));
  if (!settings.pre_request.empty()) session.pre_request = quoted_function(settings.pre_request);
  return session;
}

Result<void> apply(const storage::SessionAnswer& answer, http::Response& response) {
  if (!answer.headers.empty()) {
    const auto document = json::parse(answer.headers);
    if (!document || document.value().kind != json::ValueKind::array) return bad_headers();
    std::vector<std::pair<std::string, std::string>> fields;
    BALLAST_CHECKED(json::each_element(document.value().raw, [&fields](std::string_view element) -> Result<void> {
      if (json::kind_of(element) != json::ValueKind::object) return bad_headers();
      const auto members = json::members(element);
      if (members.size() != 1 || json::kind_of(members[0].raw) != json::ValueKind::string) return bad_headers();
      // Decoded as a key would be.
      const auto value = json::members("{" + std::string(members[0].raw) + ":0}");
      if (!fits_field(members[0].key) || !fits_field(value[0].key)) return bad_headers();
      fields.emplace_back(members[0].key, value[0].key);
      return {};
    }));
    std::vector<std::string> replaced;
    for (auto& [name, value] : fields) {
      const std::string key = lower(name);
      const bool again = std::find(replaced.begin(), replaced.end(), key) != replaced.end();
      if (again) {
        response.add(name, std::move(value));
      } else {
        replaced.push_back(key);
        response.set(name, std::move(value));
      }
    }
  }
  if (!answer.status.empty()) {
    int status = 0;
    const auto [end, problem] =
        std::from_chars(answer.status.data(), answer.status.data() + answer.status.size(), status);
    if (problem != std::errc() || end != answer.status.data() + answer.status.size() || status < 200 || status > 599) {
      return make_error(500, "PGRST112", "response.status guc must be a valid status code");
    }
    response.status = status;
  }
  return {};
}

}  // namespace ballast::rest
