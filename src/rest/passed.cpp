#include "rest/passed.hpp"

#include <algorithm>

#include "http/request.hpp"
#include "json/scanner.hpp"
#include "json/writer.hpp"
#include "rest/condition.hpp"
#include "rest/errors.hpp"
#include "rest/media_type.hpp"
#include "rest/parameters.hpp"
#include "rest/payload.hpp"
#include "text/chars.hpp"
#include "text/utf8.hpp"

namespace ballast::rest {
namespace {

void note_name(Passed& passed, const std::string& name) {
  const auto at = std::lower_bound(passed.names.begin(), passed.names.end(), name);
  if (at == passed.names.end() || *at != name) passed.names.insert(at, name);
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

Result<Passed> form_values(std::string_view body) {
  Passed passed;
  RawParameters raws(body);
  RawParameter raw;
  while (raws.next(raw)) {
    auto name = http::percent_decode(raw.key, true);
    auto value = http::percent_decode(raw.value, true);
    if (!name || !value || !text::valid_utf8(*name) || !text::valid_utf8(*value)) {
      return invalid_body("the form's names and values must be percent-encoded UTF-8");
    }
    note_name(passed, *name);
    passed.values.emplace_back(std::move(*name), std::move(*value));
  }
  return passed;
}

/// An object or an array of objects has arguments. Any other JSON has none: it may be a function's only argument.
Result<Passed> json_values(const std::string& body, const Settings& settings) {
  Passed passed;
  if (is_blank(body)) {
    passed.object = "{}";
    return passed;
  }
  auto payload = parse_payload(BodyType::json, body, settings.json_depth);
  if (!payload) {
    const bool other_json = text::valid_utf8(body) && json::valid(body, settings.json_depth);
    if (!other_json) return std::move(payload).error();
    passed.object = "{}";
    return passed;
  }
  if (!payload->uniform) return invalid_body("All object keys must match");
  for (const auto& key : payload->keys) note_name(passed, key);
  const auto rows = payload_rows(*payload, {}, settings.json_depth);
  passed.object = rows.empty() ? "{}" : std::string(rows.front().json);
  return passed;
}

Result<Passed> csv_values(std::string body, const Settings& settings) {
  BALLAST_TRY(const Payload payload, parse_payload(BodyType::csv, std::move(body), settings.json_depth));
  Passed passed;
  for (const auto& key : payload.keys) note_name(passed, key);
  const auto rows = payload_rows(payload, {}, settings.json_depth);
  passed.object = rows.empty() ? "{}" : std::string(rows.front().json);
  return passed;
}

}  // namespace

Result<Passed> passed_in_query(std::string_view query, std::string& filters) {
  Passed passed;
  filters.clear();
  RawParameters raws(query);
  RawParameter raw;
  while (raws.next(raw)) {
    auto name = http::percent_decode(raw.key, true);
    auto value = http::percent_decode(raw.value, true);
    const bool readable = name && value && text::valid_utf8(*name) && text::valid_utf8(*value);
    const bool filter = !readable || is_reserved_parameter(*name) || name->find('.') != std::string::npos ||
                        begins_with_operator(*value);
    if (filter) {
      if (!filters.empty()) filters.push_back('&');
      filters.append(raw.key).append("=").append(raw.value);
      continue;
    }
    note_name(passed, *name);
    passed.values.emplace_back(std::move(*name), std::move(*value));
  }
  return passed;
}

Result<CallBody> call_body(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (!type.empty() && text::is(type.back(), text::space)) type.remove_suffix(1);
  const auto is = [type](std::string_view known) {
    return std::equal(type.begin(), type.end(), known.begin(), known.end(),
                      [](char a, char b) { return text::lower(a) == b; });
  };
  if (is("text/plain")) return CallBody::text;
  if (is("text/xml")) return CallBody::xml;
  if (is("application/octet-stream")) return CallBody::bytes;
  BALLAST_TRY(const BodyType known, body_type(content_type));
  switch (known) {
    case BodyType::json:
      return CallBody::json;
    case BodyType::csv:
      return CallBody::csv;
    case BodyType::form:
      return CallBody::form;
  }
  return CallBody::json;
}

Result<Passed> passed_in_body(CallBody type, std::string body, const std::optional<std::vector<std::string>>& columns,
                              const Settings& settings) {
  Passed passed;
  switch (type) {
    case CallBody::none:
      break;
    case CallBody::json: {
      BALLAST_TRY(passed, json_values(body, settings));
      passed.raw = is_blank(body) ? "{}" : std::move(body);
      break;
    }
    case CallBody::form: {
      BALLAST_TRY(passed, form_values(body));
      break;
    }
    case CallBody::csv: {
      BALLAST_TRY(passed, csv_values(std::move(body), settings));
      break;
    }
    case CallBody::text:
    case CallBody::xml:
      if (!text::valid_utf8(body)) return invalid_body("the body is not valid UTF-8");
      passed.raw = std::move(body);
      break;
    case CallBody::bytes:
      passed.raw = std::move(body);
      break;
  }
  passed.body = type;
  if (columns && !passed.object.empty()) {
    passed.names.clear();
    for (const auto& name : *columns) note_name(passed, name);
  }
  return passed;
}

}  // namespace ballast::rest
