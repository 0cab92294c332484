#include "graphql/directive.hpp"

#include <array>
#include <charconv>
#include <functional>
#include <variant>

#include "json/reader.hpp"
#include "json/scanner.hpp"
#include "text/utf8.hpp"

namespace ballast::graphql {
namespace {

constexpr std::string_view opening = "@graphql(";
/// foreign_keys: object, array, object, array.
constexpr int max_depth = 16;

Error broken(std::string message) { return make_error(500, "BLST_DIRECTIVE", std::move(message)); }

/// As serde_json, which pg_graphql reads directives with, describes what it did not expect.
std::string described(std::string_view raw) {
  switch (json::kind_of(raw)) {
    case json::ValueKind::null:
      return "null";
    case json::ValueKind::boolean:
      return "boolean `" + std::string(raw) + "`";
    case json::ValueKind::number:
      return (raw.find_first_of(".eE") == raw.npos ? "integer `" : "floating point `") + std::string(raw) + "`";
    case json::ValueKind::string:
      return "string " + std::string(raw);
    case json::ValueKind::array:
      return "sequence";
    case json::ValueKind::object:
      return "map";
  }
  return {};
}

Error unexpected(std::string_view raw, std::string_view wanted) {
  return broken("invalid type: " + described(raw) + ", expected " + std::string(wanted));
}

Result<void> read(std::string_view raw, bool& into) {
  if (json::kind_of(raw) != json::ValueKind::boolean) return unexpected(raw, "a boolean");
  into = raw == "true";
  return {};
}

Result<void> read(std::string_view raw, std::optional<bool>& into) { return read(raw, into.emplace()); }

Result<void> read(std::string_view raw, std::optional<std::uint64_t>& into) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
  if (error != std::errc() || end != raw.data() + raw.size()) {
    const bool negative = raw.starts_with('-') && raw.find_first_of(".eE") == raw.npos;
    if (negative) return broken("invalid value: " + described(raw) + ", expected u64");
    return unexpected(raw, "u64");
  }
  into = value;
  return {};
}

Result<void> read(std::string_view raw, std::string& into) {
  if (json::kind_of(raw) != json::ValueKind::string) return unexpected(raw, "a string");
  into = json::string_value(raw);
  return {};
}

template <class Item>
Result<void> read_list(std::string_view raw, std::vector<Item>& into, Result<void> (*item)(std::string_view, Item&)) {
  if (json::kind_of(raw) != json::ValueKind::array) return unexpected(raw, "a sequence");
  into.clear();
  return json::each_element(raw, [&](std::string_view element) -> Result<void> {
    if (into.size() == max_directive_list) {
      return broken("expected at most " + std::to_string(max_directive_list) + " elements");
    }
    return item(element, into.emplace_back());
  });
}

Result<void> read(std::string_view raw, std::vector<std::string>& into) {
  return read_list<std::string>(raw, into,
                                [](std::string_view element, std::string& name) { return read(element, name); });
}

template <class Owner>
struct Member {
  std::string_view key;
  Result<void> (*read)(std::string_view raw, Owner& into);
};

/// A null member counts as one that is not there.
template <class Owner, std::size_t size>
Result<void> read_members(std::string_view raw, const std::array<Member<Owner>, size>& known, Owner& into) {
  if (json::kind_of(raw) != json::ValueKind::object) return unexpected(raw, "a map");
  for (const auto& [key, value] : json::members(raw)) {
    if (json::kind_of(value) == json::ValueKind::null) continue;
    for (const auto& member : known) {
      if (member.key == key) BALLAST_CHECKED(member.read(value, into));
    }
  }
  return {};
}

/// A member that is read as it is.
template <auto field>
struct Plain;
template <class Owner, class Value, Value Owner::*field>
struct Plain<field> {
  static Result<void> read_into(std::string_view raw, Owner& into) { return read(raw, into.*field); }
};
template <auto field>
constexpr auto plain = &Plain<field>::read_into;

/// `{"enabled": true}`
Result<void> read_enabled(std::string_view raw, bool& into) {
  static constexpr std::array<Member<bool>, 1> known{
      {{"enabled", [](std::string_view r, bool& b) { return read(r, b); }}}};
  return read_members(raw, known, into);
}

Result<void> read_foreign_key(std::string_view raw, DeclaredForeignKey& into) {
  using Key = DeclaredForeignKey;
  static constexpr std::array<Member<Key>, 6> known{{
      {"local_name", plain<&Key::local_name>},
      {"foreign_name", plain<&Key::foreign_name>},
      {"local_columns", plain<&Key::local_columns>},
      {"foreign_schema", plain<&Key::foreign_schema>},
      {"foreign_table", plain<&Key::foreign_table>},
      {"foreign_columns", plain<&Key::foreign_columns>},
  }};
  BALLAST_CHECKED(read_members(raw, known, into));
  if (into.local_columns.empty()) return broken("missing field `local_columns`");
  if (into.foreign_schema.empty()) return broken("missing field `foreign_schema`");
  if (into.foreign_table.empty()) return broken("missing field `foreign_table`");
  if (into.foreign_columns.size() != into.local_columns.size()) {
    return broken("expected as many foreign_columns as local_columns");
  }
  return {};
}

Result<void> read_mappings(std::string_view raw, CommentDirective& into) {
  if (json::kind_of(raw) != json::ValueKind::object) return unexpected(raw, "a map");
  for (const auto& [label, name] : json::members(raw)) {
    if (into.mappings.size() == max_directive_list) {
      return broken("expected at most " + std::to_string(max_directive_list) + " mappings");
    }
    BALLAST_CHECKED(read(name, into.mappings.emplace_back(label, "").second));
  }
  return {};
}

using D = CommentDirective;
constexpr std::array<Member<D>, 13> known_members{{
    {"inflect_names", plain<&D::inflect_names>},
    {"introspection", plain<&D::introspection>},
    {"resolve_base_type", plain<&D::resolve_base_type>},
    {"max_rows", plain<&D::max_rows>},
    {"totalCount", [](std::string_view raw, D& into) { return read_enabled(raw, into.total_count); }},
    {"aggregate", [](std::string_view raw, D& into) { return read_enabled(raw, into.aggregate); }},
    {"primary_key_columns", plain<&D::primary_key_columns>},
    {"foreign_keys", [](std::string_view raw,
                        D& into) { return read_list<DeclaredForeignKey>(raw, into.foreign_keys, &read_foreign_key); }},
    {"name", plain<&D::name>},
    {"description", plain<&D::description>},
    {"local_name", plain<&D::local_name>},
    {"foreign_name", plain<&D::foreign_name>},
    {"mappings", &read_mappings},
}};

}  // namespace

Result<CommentDirective> parse_directive(std::string_view json) {
  const auto document = json::parse(json, {.size = max_directive_bytes, .depth = max_depth});
  if (!document) {
    const Error& error = document.error();
    return broken(error.details.empty() ? error.message : error.details);
  }
  CommentDirective directive;
  BALLAST_CHECKED(read_members(document->raw, known_members, directive));
  return directive;
}

Result<CommentDirective> directive_of(std::string_view comment) {
  const auto start = comment.find(opening);
  if (start == comment.npos) return CommentDirective{};
  const std::string_view rest = comment.substr(start + opening.size());
  if (rest.size() > max_directive_bytes) {
    return broken("expected a comment of at most " + std::to_string(max_directive_bytes) + " bytes");
  }
  if (!text::valid_utf8(rest)) return broken("expected UTF-8");
  json::Scanner in(rest, max_depth);
  in.skip_space();
  std::string_view raw;
  if (!in.value(raw)) return broken(in.what());
  in.skip_space();
  if (!in.eat(')')) return broken("expected ')' after the directive's JSON");
  return parse_directive(raw);
}

}  // namespace ballast::graphql
