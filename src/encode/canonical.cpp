#include "encode/canonical.hpp"

#include <algorithm>

#include "json/writer.hpp"

namespace ballast::encode {
namespace {

using catalog::Kind;

/// `NaN`, `Infinity` and `-Infinity` end in a letter, numbers in a digit.
void append_number(std::string& out, std::string_view text) {
  const bool number = !text.empty() && text.back() <= '9';
  if (number) {
    out += text;
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

/// PostgreSQL writes a zone as `+02`, `+05:30` or `-00:19:32`; XML Schema, and so to_json, always wants the minutes.
/// `text` ends before ` BC`.
bool zone_lacks_minutes(std::string_view text) {
  return text.size() > 3 && (text[text.size() - 3] == '+' || text[text.size() - 3] == '-');
}

/// `2024-01-31 12:00:00.5+02`, `12024-01-31 12:00:00`, `0044-03-15 12:00:00 BC`, `infinity`.
void append_moment(std::string& out, std::string_view text, bool zoned) {
  const std::size_t space = text.find(' ');
  out += '"';
  if (space == std::string_view::npos) {
    out += text;
    out += '"';
    return;
  }
  std::string_view era;
  if (text.back() == 'C') {
    era = text.substr(text.size() - 3);
    text.remove_suffix(3);
  }
  out += text.substr(0, space);
  out += 'T';
  out += text.substr(space + 1);
  if (zoned && zone_lacks_minutes(text)) out += ":00";
  out += era;
  out += '"';
}

}  // namespace

void append_canonical(std::string& out, std::string_view text, Kind kind) {
  switch (kind) {
    case Kind::integer:
    case Kind::json:
    case Kind::array:
    case Kind::composite:
      out += text;
      return;
    case Kind::floating:
    case Kind::numeric:
      return append_number(out, text);
    case Kind::boolean:
      out += text == "t" ? std::string_view("true") : std::string_view("false");
      return;
    case Kind::timestamp:
      return append_moment(out, text, false);
    case Kind::timestamptz:
      return append_moment(out, text, true);
    case Kind::date:
    case Kind::uuid:
      // Neither holds anything to escape.
      out += '"';
      out += text;
      out += '"';
      return;
    case Kind::text:
    case Kind::bytea:
    case Kind::time:
    case Kind::interval:
    case Kind::range:
    case Kind::tsvector:
    case Kind::other:
      return json::append_string(out, text);
  }
}

void append_canonical_array(std::string& out, std::string_view text, Kind element) {
  std::size_t at = text.find('{');  // bounds hold none
  std::string unescaped;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '{' || c == '}' || c == ',') {
      out += c == '{' ? '[' : c == '}' ? ']' : ',';
      ++at;
    } else if (c == '"') {
      unescaped.clear();
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        unescaped += text[at];
      }
      ++at;
      append_canonical(out, unescaped, element);
    } else {
      const std::size_t end = std::min(text.find_first_of(",}", at), text.size());
      const std::string_view item = text.substr(at, end - at);
      at = end;
      if (item == "NULL") {
        out += "null";
      } else {
        append_canonical(out, item, element);
      }
    }
  }
}

}  // namespace ballast::encode
