#include "rest/openapi_type.hpp"

#include "json/scanner.hpp"
#include "json/writer.hpp"

namespace ballast::rest {
namespace {

using catalog::Kind;
using catalog::Type;

/// The JSON type; empty for anything.
std::string_view json_type(const Type& type) {
  switch (type.kind) {
    case Kind::boolean:
      return "boolean";
    case Kind::integer:
      return "integer";
    case Kind::floating:
    case Kind::numeric:
      return "number";
    case Kind::json:
      return {};
    case Kind::array:
      return "array";
    case Kind::text:
    case Kind::bytea:
    case Kind::date:
    case Kind::time:
    case Kind::timestamp:
    case Kind::timestamptz:
    case Kind::interval:
    case Kind::uuid:
    case Kind::composite:
    case Kind::range:
    case Kind::tsvector:
    case Kind::other:
      return "string";
  }
  return "string";
}

std::string format_of(const Type& type, std::string_view schema) {
  if (type.name == "smallint" || type.name == "integer") return "int32";
  if (type.name == "bigint") return "int64";
  std::string_view name = type.name;
  const bool of_schema = name.size() > schema.size() && name.starts_with(schema) && name[schema.size()] == '.';
  if (of_schema) name.remove_prefix(schema.size() + 1);
  return std::string(name);
}

}  // namespace

void write_openapi_type(json::Text& out, const Type& type, OpenApiPlace place, std::string_view schema) {
  out.member("format", format_of(type, schema));
  std::string_view written = json_type(type);
  if (place == OpenApiPlace::query && (written.empty() || written == "array")) written = "string";
  if (!written.empty()) out.member("type", written);
  if (written != "array") return;
  std::string_view name = type.name;
  if (name.ends_with("[]")) name.remove_suffix(2);
  const std::string_view element = json_type(catalog::type_named(name));
  out.key("items").object();
  if (!element.empty()) out.member("type", element);
  out.end();
}

std::string openapi_default(const Type& type, std::string_view sql) {
  if (json_type(type) != "string") return json::valid(sql) ? std::string(sql) : std::string();
  // 'text'::type, quotes inside doubled
  const std::string_view literal = sql.substr(0, sql.rfind("::"));
  if (literal.size() < 2 || literal.front() != '\'' || literal.back() != '\'') return {};
  std::string value;
  const std::string_view inner = literal.substr(1, literal.size() - 2);
  for (std::size_t i = 0; i < inner.size(); ++i) {
    if (inner[i] == '\'' && (++i == inner.size() || inner[i] != '\'')) return {};
    value.push_back(inner[i]);
  }
  std::string out;
  json::append_string(out, value);
  return out;
}

}  // namespace ballast::rest
