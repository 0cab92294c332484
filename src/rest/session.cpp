#include "rest/session.hpp"

#include <algorithm>
#include <charconv>

#include "http/iequals.hpp"
#include "json/reader.hpp"
#include "json/scanner.hpp"
#include "json/writer.hpp"
#include "sql/dialect.hpp"
#include "text/chars.hpp"
#include "text/field_value.hpp"

namespace ballast::rest {
namespace {

/// Enough for the requests that a worker has under way at a time.
constexpr std::size_t most_stored = 64;

void append_lower(std::string& out, std::string_view text) {
  for (const char c : text) out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
  if (out.size() > 1) out.push_back(',');
  json::append_string(out, name);
  out.push_back(':');
  json::append_string(out, value);
}

bool is_cookie(std::string_view name) { return name.size() == 6 && http::iequals(name, "Cookie"); }

/// Of fields that come several times the last one counts, as in PostgreSQL's `->>`.
void append_headers(std::string& out, const http::Request& request) {
  out.push_back('{');
  for (const auto& [name, value] : request.headers.fields()) {
    if (is_cookie(name)) continue;
    // Names are tokens (RFC 9110, 5.6.2): nothing to escape.
    out.append(out.size() > 1 ? ",\"" : "\"");
    append_lower(out, name);
    out.append("\":");
    json::append_string(out, value);
  }
  out.push_back('}');
}

/// cookie ::= pair *( ";" SP pair ) ; pair ::= name "=" value               (RFC 6265, 4.2.1)
void append_cookies(std::string& out, const http::Request& request) {
  out.push_back('{');
  for (const auto& [field, value] : request.headers.fields()) {
    if (!is_cookie(field)) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      std::string_view pair = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      while (pair.starts_with(' ')) pair.remove_prefix(1);
      const std::size_t equals = pair.find('=');
      if (equals != std::string_view::npos) append_member(out, pair.substr(0, equals), pair.substr(equals + 1));
    }
  }
  out.push_back('}');
}

/// A verified token's claims hold the role already.
void append_claims(std::string& out, const policy::Principal& who, std::string_view role) {
  if (who.claims_json.size() > 2) {
    out.append(who.claims_json);
    return;
  }
  out.push_back('{');
  append_member(out, "role", role);
  out.push_back('}');
}

/// Writes settings over those of the session's last use.
class Writer {
 public:
  explicit Writer(storage::Session& session) : settings_(session.settings) {}

  std::string& value_of(std::string_view name) {
    if (used_ == settings_.size()) settings_.emplace_back();
    auto& [known, value] = settings_[used_++];
    if (known != name) known = name;
    value.clear();
    return value;
  }
  void finish() { settings_.resize(used_); }

 private:
  std::vector<std::pair<std::string, std::string>>& settings_;
  std::size_t used_ = 0;
};

/// function ::= [ schema "." ] name
std::string quoted_function(std::string_view text) {
  std::string out;
  if (text.empty()) return out;
  if (const auto dot = text.find('.'); dot != std::string_view::npos) {
    sql::quote_identifier(out, text.substr(0, dot));
    out.push_back('.');
    text.remove_prefix(dot + 1);
  }
  sql::quote_identifier(out, text);
  return out;
}

Error bad_headers(std::string details = {}) {
  return make_error(
             500, "PGRST111",
             "response.headers guc must be a JSON array composed of objects with a single key and a string value")
      .with_details(std::move(details));
}

/// token (RFC 9110, 5.6.2)
bool is_token(std::string_view text) {
  static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return text::is(c, text::digit | text::alpha) || marks.find(c) != std::string_view::npos;
  });
}

/// Where an answer ends and what becomes of its connection is not for the database to say.
bool is_framing(std::string_view name) {
  for (const std::string_view own : {"Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade"}) {
    if (http::iequals(name, own)) return true;
  }
  return false;
}

Result<void> apply_headers(std::string_view text, http::Response& response) {
  const auto document = json::parse(text);
  if (!document || document->kind != json::ValueKind::array) return bad_headers();
  std::vector<std::pair<std::string, std::string>> fields;
  BALLAST_CHECKED(json::each_element(document->raw, [&fields](std::string_view element) -> Result<void> {
    if (json::kind_of(element) != json::ValueKind::object) return bad_headers();
    auto members = json::members(element);
    if (members.size() != 1 || json::kind_of(members[0].raw) != json::ValueKind::string) return bad_headers();
    std::string value = json::string_value(members[0].raw);
    if (!is_token(members[0].key) || !text::fits_field(value)) return bad_headers();
    if (is_framing(members[0].key)) return bad_headers(members[0].key + " is set by the server alone");
    fields.emplace_back(std::move(members[0].key), std::move(value));
    return {};
  }));
  // Several of one name are all sent (Set-Cookie); together they replace the server's.
  std::erase_if(response.headers, [&fields](const auto& own) {
    return std::any_of(fields.begin(), fields.end(),
                       [&own](const auto& f) { return http::iequals(f.first, own.first); });
  });
  for (auto& field : fields) response.headers.push_back(std::move(field));
  return {};
}

Result<void> apply_status(std::string_view text, http::Response& response) {
  int status = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), status);
  if (problem != std::errc() || end != text.data() + text.size() || status < 200 || status > 599) {
    return make_error(500, "PGRST112", "response.status guc must be a valid status code");
  }
  response.status = status;
  return {};
}

}  // namespace

std::vector<std::unique_ptr<SessionLoan::Held>>& SessionLoan::store() {
  thread_local std::vector<std::unique_ptr<Held>> stored;
  return stored;
}

SessionLoan::Held& SessionLoan::held() {
  if (held_) return *held_;
  auto& stored = store();
  if (stored.empty()) {
    held_ = std::make_unique<Held>();
  } else {
    held_ = std::move(stored.back());
    stored.pop_back();
    held_->answer.headers.clear();
    held_->answer.status.clear();
  }
  return *held_;
}

SessionLoan::~SessionLoan() {
  if (held_ && store().size() < most_stored) store().push_back(std::move(held_));
}

Sessions::Sessions(const Settings& settings, std::string_view base)
    : roles_(settings.roles),
      base_(base.size()),
      pre_request_(quoted_function(settings.pre_request)),
      own_(settings.app_settings.begin(), settings.app_settings.end()) {
  for (const auto& schema : settings.search_path) {
    further_path_.append(", ");
    sql::quote_identifier(further_path_, schema);
  }
}

std::string Sessions::search_path(std::string_view schema) const {
  std::string path;
  sql::quote_identifier(path, schema);
  return path.append(further_path_);
}

Result<void> Sessions::check(const policy::Principal& principal) const {
  if (!roles_ || principal.role != "none") return {};
  return make_error(401, "22023", "role \"none\" does not exist");
}

void Sessions::write(storage::Session& session, const http::Request& request, const SessionWishes& wishes,
                     std::string_view anonymous) const {
  Writer writer(session);
  session.pre_request.clear();
  if (roles_) {
    const auto& who = request.principal;
    const std::string_view role = who.role.empty() ? anonymous : std::string_view(who.role);
    writer.value_of("search_path").append(wishes.search_path);
    writer.value_of("role").append(role);
    append_claims(writer.value_of("request.jwt.claims"), who, role);
    writer.value_of("request.method")
        .append(request.method_name.empty() ? http::to_string(request.method) : request.method_name);
    writer.value_of("request.path").append(request.path.substr(std::min(base_, request.path.size())));
    append_headers(writer.value_of("request.headers"), request);
    append_cookies(writer.value_of("request.cookies"), request);
    for (const auto& [name, value] : own_) writer.value_of(name).append(value);
    session.pre_request.append(pre_request_);
  }
  if (!wishes.timezone.empty()) writer.value_of("timezone").append(wishes.timezone);
  if (wishes.read_only) writer.value_of("transaction_read_only").append("on");
  writer.finish();
}

Result<void> apply(const storage::SessionAnswer& answer, http::Response& response) {
  if (!answer.headers.empty()) BALLAST_CHECKED(apply_headers(answer.headers, response));
  if (!answer.status.empty()) BALLAST_CHECKED(apply_status(answer.status, response));
  return {};
}

}  // namespace ballast::rest
