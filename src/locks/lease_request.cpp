#include "locks/lease_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>

#include "http/iequals.hpp"
#include "json/reader.hpp"
#include "locks/errors.hpp"
#include "text/trim.hpp"

namespace ballast::locks {
namespace {

using std::chrono::milliseconds;

/// Leases are known to the millisecond; nothing that goes over a network is worth holding for less.
constexpr milliseconds shortest_ttl{100};

Result<std::string> read_name(const http::Request& request, const Settings& settings) {
  const std::string_view encoded = request.path.substr(std::min(path.size() + 1, request.path.size()));
  auto name = http::percent_decode(encoded, false);
  if (name && is_lease_name(*name, settings.max_name_length)) return std::move(*name);
  return expected(
             fmt::format("expected the name of a lease, 1 to {} visible ASCII characters", settings.max_name_length))
      .with_hint("for example /locks/v1/seat-12A");
}

Result<void> check_content_type(const http::Request& request) {
  const std::string_view field = request.headers.find("Content-Type").value_or("");
  if (http::iequals(text::trimmed(field.substr(0, field.find(';'))), "application/json")) return {};
  return make_error(415, "BLST415", "expected a Content-Type: application/json");
}

double seconds_of(milliseconds value) { return static_cast<double>(value.count()) / 1000; }

Result<milliseconds> read_seconds(const json::Member& member, milliseconds least, milliseconds most) {
  double seconds = 0;
  const auto [end, fault] = std::from_chars(member.raw.data(), member.raw.data() + member.raw.size(), seconds);
  const bool number = json::kind_of(member.raw) == json::ValueKind::number && fault == std::errc() &&
                      end == member.raw.data() + member.raw.size();
  if (number && seconds >= seconds_of(least) && seconds <= seconds_of(most)) {
    return milliseconds(std::llround(seconds * 1000));
  }
  return expected(fmt::format("expected \"{}\" as a number of seconds from {} to {}", member.key, seconds_of(least),
                              seconds_of(most)));
}

Result<std::int64_t> read_token(std::string_view raw) {
  std::int64_t token = 0;
  const auto [end, fault] = std::from_chars(raw.data(), raw.data() + raw.size(), token);
  if (fault == std::errc() && end == raw.data() + raw.size() && token >= 1) return token;
  return expected("expected \"token\" as the number that the lease was given with");
}

/// An object with these members and no others.
Result<json::Members> read_body(const http::Request& request, std::span<const std::string_view> known,
                                std::string_view example) {
  BALLAST_CHECKED(check_content_type(request));
  auto document = json::parse(request.body, {.size = 4096, .depth = 4});
  if (!document || document->kind != json::ValueKind::object) {
    Error error = expected(fmt::format("expected a JSON object such as {}", example));
    if (!document) error.details = document.error().details;
    return error;
  }
  json::Members members = json::members(document->raw);
  for (const auto& member : members) {
    if (std::find(known.begin(), known.end(), member.key) == known.end()) {
      return expected(fmt::format("expected a JSON object such as {}, without other members", example));
    }
  }
  return members;
}

Result<LeaseRequest> read(const http::Request& request, const Settings& settings,
                          std::span<const std::string_view> known, std::string_view example) {
  LeaseRequest out;
  BALLAST_TRY(out.name, read_name(request, settings));
  BALLAST_TRY(const auto members, read_body(request, known, example));
  for (const auto& member : members) {
    if (member.key == "ttl") { BALLAST_TRY(out.ttl, read_seconds(member, shortest_ttl, settings.max_ttl)); }
    if (member.key == "wait") { BALLAST_TRY(out.wait, read_seconds(member, milliseconds(0), settings.max_wait)); }
    if (member.key == "token") { BALLAST_TRY(out.token, read_token(member.raw)); }
  }
  const bool wants_token = std::find(known.begin(), known.end(), "token") != known.end();
  if (wants_token && out.token == 0)
    return expected(fmt::format("expected a token: a JSON object such as {}", example));
  return out;
}

}  // namespace

Result<LeaseRequest> read_acquire(const http::Request& request, const Settings& settings) {
  static constexpr std::array<std::string_view, 2> known{"ttl", "wait"};
  return read(request, settings, known, R"({"ttl": 30, "wait": 5})");
}

Result<LeaseRequest> read_renew(const http::Request& request, const Settings& settings) {
  static constexpr std::array<std::string_view, 2> known{"token", "ttl"};
  return read(request, settings, known, R"({"token": 42, "ttl": 30})");
}

Result<LeaseRequest> read_release(const http::Request& request, const Settings& settings) {
  static constexpr std::array<std::string_view, 1> known{"token"};
  return read(request, settings, known, R"({"token": 42})");
}

Result<LeaseRequest> read_find(const http::Request& request, const Settings& settings) {
  LeaseRequest out;
  BALLAST_TRY(out.name, read_name(request, settings));
  if (request.query.empty()) return out;
  constexpr std::string_view parameter = "token=";
  if (!request.query.starts_with(parameter)) {
    return expected("expected no query, or the token that the lease was given with").with_hint("for example ?token=42");
  }
  BALLAST_TRY(out.token, read_token(request.query.substr(parameter.size())));
  return out;
}

}  // namespace ballast::locks
