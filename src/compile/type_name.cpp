#include "compile/type_name.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "compile/context.hpp"
#include "text/chars.hpp"

namespace ballast::compile {
namespace {

using catalog::Kind;
using catalog::Type;

Error unknown_type(const Type& type) { return make_error(400, "42704", "type \"" + type.name + "\" does not exist"); }

/// Names of several words are grammar, and can only be said with these names when quoted.
std::string_view one_word(std::string_view name) {
  if (name == "time with time zone") return "timetz";
  if (name == "bit varying") return "varbit";
  return name;
}

/// `(3)` or `(3, -1)` behind a name, which is cut off: the numbers, none on a mistake.
struct Modifiers {
  int count = 0;
  int values[2] = {};
};

std::optional<Modifiers> cut_modifiers(std::string_view& name) {
  Modifiers found;
  const std::size_t open = name.find('(');
  if (open == std::string_view::npos) return found;
  if (!name.ends_with(')')) return std::nullopt;
  const char* at = name.data() + open + 1;
  const char* const end = name.data() + name.size() - 1;
  for (; found.count < 2; ++found.count, ++at) {
    while (at != end && *at == ' ') ++at;
    const auto number = std::from_chars(at, end, found.values[found.count]);
    if (number.ec != std::errc()) return std::nullopt;
    at = number.ptr;
    while (at != end && *at == ' ') ++at;
    if (at == end) break;
    if (*at != ',') return std::nullopt;
  }
  if (at != end) return std::nullopt;
  ++found.count;
  name = name.substr(0, open);
  return found;
}

Result<void> write_quoted(sql::Writer& out, std::string_view name, const Type& type) {
  const auto modifiers = cut_modifiers(name);
  if (!modifiers || name.find('\0') != std::string_view::npos) return unknown_type(type);
  name = one_word(name);
  const std::size_t dot = name.find('.');
  if (dot != std::string_view::npos) {
    if (dot == 0) return unknown_type(type);
    out.name(name.substr(0, dot)).text(".");
    name.remove_prefix(dot + 1);
  }
  if (name.empty()) return unknown_type(type);
  out.name(name);
  for (int i = 0; i < modifiers->count; ++i) {
    out.text(i == 0 ? sql::Literal("(") : sql::Literal(", ")).number(modifiers->values[i]);
  }
  if (modifiers->count > 0) out.text(")");
  return {};
}

bool has_length(Kind kind) { return kind == Kind::numeric || kind == Kind::text; }
bool has_fraction(Kind kind) { return kind == Kind::time || kind == Kind::timestamp || kind == Kind::timestamptz; }

void write_known(sql::Writer& out, const Type& type) {
  // `timestamp(3) with time zone`
  const std::size_t word = type.precision > 0 && has_fraction(type.kind) && !out.sqlite()
                               ? std::min(type.name.find(' '), type.name.size())
                               : type.name.size();
  out.from_catalog(std::string_view(type.name).substr(0, word));
  if (type.precision > 0 && (has_length(type.kind) || word < type.name.size())) {
    out.text("(").number(type.precision);
    if (type.kind == Kind::numeric && type.scale >= 0) out.text(", ").number(type.scale);
    out.text(")");
  }
  out.from_catalog(std::string_view(type.name).substr(word));
}

}  // namespace

Result<void> write_cast_type(sql::Writer& out, const Type& type) {
  std::string_view element = type.name;
  int dimensions = 0;
  for (; element.ends_with("[]"); element.remove_suffix(2)) ++dimensions;
  Type known = catalog::type_named(element);
  if (known.kind == Kind::other || known.kind == Kind::array) {
    if (out.sqlite()) return unknown_type(type);
    BALLAST_CHECKED(write_quoted(out, element, type));
  } else {
    if (dimensions == 0 && type.precision > 0) {
      known.precision = type.precision;
      known.scale = type.scale;
    }
    write_known(out, known);
  }
  for (; dimensions > 0; --dimensions) out.text("[]");
  return {};
}

void write_definition_type(sql::Writer& out, const Type& type) {
  std::string_view name = type.name;
  std::string_view brackets = name.substr(name.size());
  while (name.ends_with("[]")) {
    name.remove_suffix(2);
    brackets = std::string_view(type.name).substr(name.size());
  }
  if (name == "character") {
    out.text("bpchar");
  } else if (name == "bit") {
    out.text("varbit");
  } else {
    out.from_catalog(name);
  }
  out.from_catalog(brackets);
}

}  // namespace ballast::compile
