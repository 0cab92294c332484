#include "rest/payload.hpp"

#include <algorithm>

#include "http/request.hpp"
#include "json/scanner.hpp"
#include "json/writer.hpp"
#include "rest/csv_body.hpp"
#include "rest/errors.hpp"
#include "rest/parameters.hpp"
#include "text/chars.hpp"
#include "text/utf8.hpp"

namespace ballast::rest {
namespace {

constexpr std::string_view invalid_json = "Empty or invalid json";

std::string position(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, std::min(at, text.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  std::size_t column = 1;
  for (const char c : before.substr(line_start)) column += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return "line " + std::to_string(lines + 1) + ", column " + std::to_string(column);
}

/// PostgreSQL takes no \u0000 and no half of a surrogate pair in its text. `json` is valid, so that
/// backslashes stand in strings alone (RFC 8259 section 7).
Result<void> check_escapes(std::string_view json) {
  const auto unit = [json](std::size_t at) -> int {
    if (json.size() - at < 6 || json[at] != '\\' || json[at + 1] != 'u') return -1;
    int value = 0;
    for (std::size_t i = at + 2; i < at + 6; ++i) value = value * 16 + text::hex_value(json[i]);
    return value;
  };
  for (std::size_t at = json.find('\\'); at != std::string_view::npos; at = json.find('\\', at)) {
    const int first = unit(at);
    if (first < 0) {
      at += 2;
      continue;
    }
    at += 6;
    if (first == 0) {
      return make_error(400, "22P05", "unsupported Unicode escape sequence")
          .with_details("\\u0000 cannot be converted to text.");
    }
    if (first < 0xD800 || first > 0xDFFF) continue;
    const int second = first < 0xDC00 && at < json.size() ? unit(at) : -1;
    if (second < 0xDC00 || second > 0xDFFF) {
      return make_error(400, "22P02", "invalid input syntax for type json")
          .with_details(first < 0xDC00 ? "Unicode low surrogate must follow a high surrogate."
                                       : "Unicode high surrogate must come before a low surrogate.");
    }
    at += 6;
  }
  return {};
}

/// Walks `[{…},{…}]` or `{…}`.
class JsonBody {
 public:
  JsonBody(std::string_view text, int depth_limit) : text_(text), scan_(text, depth_limit), depth_limit_(depth_limit) {}

  Result<Payload> run() {
    scan_.skip_space();
    is_array_ = scan_.peek() == '[';
    if (is_array_) {
      scan_.eat('[');
      scan_.skip_space();
      if (!scan_.eat(']')) {
        do {
          scan_.skip_space();
          BALLAST_CHECKED(row());
          scan_.skip_space();
        } while (scan_.eat(','));
        if (!scan_.eat(']')) return mistake("expected ',' or ']'");
      }
    } else {
      BALLAST_CHECKED(row());
    }
    if (!scan_.done()) return mistake("expected the end of the body");
    if (!all_objects_)
      return invalid_body("All object keys must match").with_details("expected every element to be an object");
    return std::move(found_);
  }

  bool is_array() const { return is_array_; }

 private:
  Error mistake(std::string_view what) const {
    if (scan_.too_deep()) {
      return make_error(
                 400, "PGRST102",
                 "the JSON body is nested too deeply: at most " + std::to_string(depth_limit_) + " levels are allowed")
          .with_details(position(text_, scan_.at()));
    }
    auto error = invalid_body(invalid_json);
    // A body that is no JSON from its first character on has no place worth telling.
    const auto start = text_.find_first_not_of(" \t\r\n");
    if (start != std::string_view::npos && scan_.at() > start) {
      error.details = position(text_, scan_.at()) + ": " + std::string(what);
    }
    return error;
  }

  Result<void> row() {
    if (scan_.peek() != '{') {
      std::string_view raw;
      if (!scan_.value(raw)) return mistake(scan_.what());
      if (!is_array_) return invalid_body(invalid_json).with_details("expected an object or an array of objects");
      all_objects_ = false;
      return {};
    }
    scan_.eat('{');
    keys_.clear();
    scan_.skip_space();
    if (!scan_.eat('}')) {
      do {
        scan_.skip_space();
        std::string_view key;
        if (!scan_.string(key)) return mistake("expected a key in double quotes");
        keys_.push_back(key);
        scan_.skip_space();
        if (!scan_.eat(':')) return mistake("expected ':' after the key");
        std::string_view raw;
        if (!scan_.value(raw)) return mistake(scan_.what());
        scan_.skip_space();
      } while (scan_.eat(','));
      if (!scan_.eat('}')) return mistake("expected ',' or '}'");
    }
    note_keys();
    return {};
  }

  void note_keys() {
    if (found_.rows++ == 0) {
      first_ = keys_;
      for (const auto key : keys_) {
        std::string name;
        json::append_unescaped(name, key);
        if (std::find(found_.keys.begin(), found_.keys.end(), name) == found_.keys.end()) {
          found_.keys.push_back(std::move(name));
        }
      }
      return;
    }
    if (!found_.uniform || keys_ == first_) return;
    std::vector<std::string> sorted;
    for (const auto key : keys_) {
      std::string name;
      json::append_unescaped(name, key);
      sorted.push_back(std::move(name));
    }
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    std::vector<std::string> expected = found_.keys;
    std::sort(expected.begin(), expected.end());
    found_.uniform = sorted == expected;
  }

  std::string_view text_;
  json::Scanner scan_;
  int depth_limit_;
  bool is_array_ = false;
  bool all_objects_ = true;
  Payload found_;
  std::vector<std::string_view> keys_;
  std::vector<std::string_view> first_;
};

Result<Payload> form_payload(std::string_view body) {
  Payload found;
  found.rows = 1;
  found.json = "[{";
  RawParameters raws(body);
  RawParameter raw;
  while (raws.next(raw)) {
    auto key = http::percent_decode(raw.key, true);
    const auto value = http::percent_decode(raw.value, true);
    if (!key || !value || !text::valid_utf8(*key) || !text::valid_utf8(*value)) {
      return invalid_body("the form's names and values must be percent-encoded UTF-8");
    }
    if (std::find(found.keys.begin(), found.keys.end(), *key) != found.keys.end()) continue;
    if (!found.keys.empty()) found.json.push_back(',');
    json::append_string(found.json, *key);
    found.json.push_back(':');
    json::append_string(found.json, *value);
    found.keys.push_back(std::move(*key));
  }
  found.json.append("}]");
  return found;
}

}  // namespace

Result<Payload> parse_payload(BodyType type, std::string body, int depth_limit) {
  if (!text::valid_utf8(body)) {
    std::size_t at = 0;
    while (const std::size_t length = text::sequence_length(std::string_view(body).substr(at))) at += length;
    return invalid_body("the body is not valid UTF-8").with_details(position(body, at));
  }
  if (type == BodyType::form) return form_payload(body);
  if (type == BodyType::csv) return parse_csv_body(body);
  JsonBody parser(body, depth_limit);
  BALLAST_TRY(Payload found, parser.run());
  BALLAST_CHECKED(check_escapes(body));
  if (parser.is_array()) {
    found.json = std::move(body);
  } else {
    found.json.reserve(body.size() + 2);
    found.json.append("[").append(body).append("]");
  }
  return found;
}

std::vector<PayloadRow> payload_rows(const Payload& payload, const std::vector<std::string>& columns, int depth_limit) {
  std::vector<PayloadRow> rows;
  json::Scanner scan(payload.json, depth_limit + 1);
  scan.skip_space();
  if (!scan.eat('[')) return rows;
  do {
    std::string_view object;
    scan.skip_space();
    if (scan.peek() == ']' || !scan.value(object)) break;
    PayloadRow row{object, {}};
    row.values.resize(columns.size());
    json::Scanner members(object, depth_limit + 1);
    if (!members.eat('{')) break;
    do {
      members.skip_space();
      std::string_view key;
      std::string_view raw;
      if (members.peek() == '}' || !members.string(key)) break;
      members.skip_space();
      if (!members.eat(':') || !members.value(raw)) break;
      std::string name;
      json::append_unescaped(name, key);
      const auto found = std::find(columns.begin(), columns.end(), name);
      if (found != columns.end() && raw != "null") {
        row.values[static_cast<std::size_t>(found - columns.begin())] =
            raw.starts_with('"') ? json::string_value(raw) : std::string(raw);
      }
      members.skip_space();
    } while (members.eat(','));
    rows.push_back(std::move(row));
    scan.skip_space();
  } while (scan.eat(','));
  return rows;
}

}  // namespace ballast::rest
