#include "storage/postgres/raised_answer.hpp"

#include <charconv>
#include <optional>

#include "json/reader.hpp"
#include "json/scanner.hpp"
#include "text/field_value.hpp"

namespace ballast::storage::postgres {
namespace {

Error unreadable(std::string details, std::string hint) {
  return make_error(500, "PGRST121", "Could not parse JSON in the \"RAISE SQLSTATE 'PGRST'\" error")
      .with_details(std::move(details))
      .with_hint(std::move(hint));
}

std::optional<json::Members> object(std::string_view text) {
  const auto document = json::parse(text);
  if (!document || document.value().kind != json::ValueKind::object) return std::nullopt;
  return json::members(document.value().raw);
}

/// A JSON string's content; other values as written; nothing for null.
std::string content(std::string_view raw) {
  if (json::kind_of(raw) == json::ValueKind::null) return {};
  if (json::kind_of(raw) != json::ValueKind::string) return std::string(raw);
  return json::string_value(raw);
}

}  // namespace

Error raised_answer(const Failure& failure) {
  const std::string_view message_hint =
      "MESSAGE must be a JSON object with obligatory keys: 'code', 'message' and optional keys: 'details', 'hint'.";
  const std::string_view detail_hint =
      "DETAIL must be a JSON object with obligatory keys: 'status', 'headers' and optional key: 'status_text'.";
  const auto bad_message = [&] {
    return unreadable("Invalid JSON value for MESSAGE: '" + failure.message + "'", std::string(message_hint));
  };
  const auto bad_detail = [&] {
    return unreadable("Invalid JSON value for DETAIL: '" + failure.details + "'", std::string(detail_hint));
  };
  const auto message = object(failure.message);
  if (!message) return bad_message();
  if (failure.details.empty()) {
    return unreadable("DETAIL is missing in the RAISE statement", std::string(detail_hint));
  }
  const auto detail = object(failure.details);
  if (!detail) return bad_detail();
  Error error;
  bool coded = false;
  bool worded = false;
  for (const auto& [key, raw] : *message) {
    if (key == "code") {
      error.code = content(raw);
      coded = true;
    } else if (key == "message") {
      error.message = content(raw);
      worded = true;
    } else if (key == "details") {
      error.details = content(raw);
    } else if (key == "hint") {
      error.hint = content(raw);
    }
  }
  if (!coded || !worded) return bad_message();
  bool status = false;
  bool headers = false;
  for (const auto& [key, raw] : *detail) {
    if (key == "status") {
      const auto [end, problem] = std::from_chars(raw.data(), raw.data() + raw.size(), error.status);
      status = problem == std::errc() && end == raw.data() + raw.size() && error.status >= 200 && error.status <= 599;
    } else if (key == "headers" && json::kind_of(raw) == json::ValueKind::object) {
      headers = true;
      for (const auto& field : json::members(raw)) {
        std::string value = content(field.raw);
        if (!text::fits_field(field.key) || !text::fits_field(value)) return bad_detail();
        error.headers.emplace_back(field.key, std::move(value));
      }
    }
  }
  if (!status || !headers) return bad_detail();
  return error;
}

}  // namespace ballast::storage::postgres
