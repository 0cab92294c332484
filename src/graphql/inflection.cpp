#include "graphql/inflection.hpp"

#include <algorithm>
#include <array>

#include "text/chars.hpp"

namespace ballast::graphql {
namespace {

constexpr char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }

}  // namespace

bool is_valid_name(std::string_view name) noexcept {
  using namespace text;  // NOLINT(google-build-using-namespace)
  return !name.empty() && !name.starts_with("__") && is(name.front(), alpha | underscore) &&
         std::ranges::all_of(name, [](char c) { return is(c, alpha | digit | underscore); });
}

std::string pascal_case(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  bool first = true;
  for (const char c : name) {
    if (c != '_') out.push_back(first ? upper(c) : c);
    first = c == '_';
  }
  return out;
}

std::string camel_case(std::string_view name) { return lower_first(pascal_case(name)); }

std::string lower_first(std::string_view name) {
  std::string out(name);
  if (!out.empty()) out.front() = text::lower(out.front());
  return out;
}

std::string type_name(std::string_view name, bool inflect) { return inflect ? pascal_case(name) : std::string(name); }

std::string field_name(std::string_view name, bool inflect) { return inflect ? camel_case(name) : std::string(name); }

std::string function_field_name(std::string_view name, bool inflect) {
  if (name.starts_with('_')) name.remove_prefix(1);
  return field_name(name, inflect);
}

std::string to_one_field_name(const std::vector<std::string>& columns, std::string_view target_type, bool inflect) {
  constexpr std::array<std::string_view, 2> suffixes{"_id", "Id"};
  if (columns.size() == 1) {
    const std::string_view column = columns.front();
    for (const auto suffix : suffixes) {
      if (column.size() <= suffix.size() || !column.ends_with(suffix)) continue;
      return field_name(column.substr(0, column.size() - suffix.size()), inflect);
    }
  }
  return lower_first(target_type);
}

}  // namespace ballast::graphql
