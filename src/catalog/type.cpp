#include "catalog/type.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace ballast::catalog {
namespace {

struct Name {
  std::string_view spelled;
  Kind kind;
  std::string_view canonical;
};

// PostgreSQL 15 manual, table 8.1: names, aliases and internal spellings.
constexpr std::array names{
    Name{"bool", Kind::boolean, "boolean"},
    Name{"boolean", Kind::boolean, "boolean"},
    Name{"smallint", Kind::integer, "smallint"},
    Name{"int2", Kind::integer, "smallint"},
    Name{"int", Kind::integer, "integer"},
    Name{"integer", Kind::integer, "integer"},
    Name{"int4", Kind::integer, "integer"},
    Name{"bigint", Kind::integer, "bigint"},
    Name{"int8", Kind::integer, "bigint"},
    Name{"serial", Kind::integer, "integer"},
    Name{"bigserial", Kind::integer, "bigint"},
    Name{"real", Kind::floating, "real"},
    Name{"float4", Kind::floating, "real"},
    Name{"float", Kind::floating, "double precision"},
    Name{"float8", Kind::floating, "double precision"},
    Name{"double precision", Kind::floating, "double precision"},
    Name{"numeric", Kind::numeric, "numeric"},
    Name{"decimal", Kind::numeric, "numeric"},
    Name{"text", Kind::text, "text"},
    Name{"varchar", Kind::text, "character varying"},
    Name{"character varying", Kind::text, "character varying"},
    Name{"char", Kind::text, "character"},
    Name{"character", Kind::text, "character"},
    Name{"bpchar", Kind::text, "character"},
    Name{"name", Kind::text, "name"},
    Name{"citext", Kind::text, "citext"},
    Name{"bytea", Kind::bytea, "bytea"},
    Name{"date", Kind::date, "date"},
    Name{"time", Kind::time, "time without time zone"},
    Name{"time without time zone", Kind::time, "time without time zone"},
    Name{"timestamp", Kind::timestamp, "timestamp without time zone"},
    Name{"timestamp without time zone", Kind::timestamp, "timestamp without time zone"},
    Name{"timestamptz", Kind::timestamptz, "timestamp with time zone"},
    Name{"timestamp with time zone", Kind::timestamptz, "timestamp with time zone"},
    Name{"interval", Kind::interval, "interval"},
    Name{"uuid", Kind::uuid, "uuid"},
    Name{"json", Kind::json, "json"},
    Name{"jsonb", Kind::json, "jsonb"},
    Name{"tsvector", Kind::tsvector, "tsvector"},
};

std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool space = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (space && (out.empty() || out.back() == ' ')) continue;
    out.push_back(space ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

int number_at(std::string_view text, std::size_t from) {
  while (from < text.size() && text[from] == ' ') ++from;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data() + from, text.data() + text.size(), value);
  return error == std::errc{} ? value : -1;
}

}  // namespace

std::string_view to_string(Kind kind) noexcept {
  switch (kind) {
    case Kind::boolean:
      return "boolean";
    case Kind::integer:
      return "integer";
    case Kind::floating:
      return "floating";
    case Kind::numeric:
      return "numeric";
    case Kind::text:
      return "text";
    case Kind::bytea:
      return "bytea";
    case Kind::date:
      return "date";
    case Kind::time:
      return "time";
    case Kind::timestamp:
      return "timestamp";
    case Kind::timestamptz:
      return "timestamptz";
    case Kind::interval:
      return "interval";
    case Kind::uuid:
      return "uuid";
    case Kind::json:
      return "json";
    case Kind::array:
      return "array";
    case Kind::composite:
      return "composite";
    case Kind::range:
      return "range";
    case Kind::tsvector:
      return "tsvector";
    case Kind::other:
      return "other";
  }
  return "other";
}

Type type_named(std::string_view name) {
  std::string text = folded(name);
  if (text.ends_with("[]")) return Type{Kind::array, std::move(text)};
  Type type;
  std::string base = text;
  if (const auto open = text.find('('); open != std::string::npos) {
    const auto close = text.find(')', open);
    if (close == std::string::npos) return Type{Kind::other, std::string(name)};
    // "timestamp(3) with time zone": what follows the parentheses belongs to the name.
    base = folded(text.substr(0, open) + text.substr(close + 1));
    type.precision = std::max(0, number_at(text, open + 1));
    const auto comma = text.find(',', open);
    if (comma != std::string::npos && comma < close) type.scale = number_at(text, comma + 1);
  }
  const auto found = std::find_if(names.begin(), names.end(), [&](const Name& n) { return n.spelled == base; });
  if (found == names.end()) return Type{Kind::other, std::string(name)};
  type.kind = found->kind;
  type.name = found->canonical;
  // No fraction of a second at all is not the same as none declared.
  const bool has_fraction = type.kind == Kind::time || type.kind == Kind::timestamp || type.kind == Kind::timestamptz;
  if (has_fraction && base != text && type.precision == 0)
    type.name.insert(std::min(type.name.find(' '), type.name.size()), "(0)");
  if (type.kind == Kind::numeric && type.precision > 0 && type.scale < 0) type.scale = 0;
  return type;
}

}  // namespace ballast::catalog
