#include "graphql/filter_operators.hpp"

#include <array>
#include <string>

namespace ballast::graphql {
namespace {

using std::string_view;

// In the order in which introspection lists them: by name.
constexpr std::array<string_view, 8> ordered{"eq", "gt", "gte", "in", "is", "lt", "lte", "neq"};
constexpr std::array<string_view, 13> texts{"eq",   "gt", "gte", "ilike", "in",    "iregex",    "is",
                                            "like", "lt", "lte", "neq",   "regex", "startsWith"};
constexpr std::array<string_view, 4> equatable{"eq", "in", "is", "neq"};
constexpr std::array<string_view, 2> opaque{"eq", "is"};
constexpr std::array<string_view, 1> identifiers{"eq"};
constexpr std::array<string_view, 10> lists{"containedBy", "contains", "eq",  "gt",  "gte",
                                            "is",          "lt",       "lte", "neq", "overlaps"};

InputField operation(string_view name, TypeUse type) {
  return {.name = std::string(name),
          .description = {},
          .type = std::move(type),
          .default_value = {},
          .deprecated = {},
          .binding = {.meaning = Meaning::operation}};
}

std::string description_of(string_view type) {
  return "Boolean expression comparing fields on type \"" + std::string(type) + "\"";
}

}  // namespace

std::span<const string_view> scalar_operators(string_view scalar) {
  if (scalar == "ID") return identifiers;
  if (scalar == "String") return texts;
  if (scalar == "Boolean" || scalar == "Opaque") return opaque;
  if (scalar == "UUID") return equatable;
  if (scalar == "JSON" || scalar == "Cursor") return {};
  return ordered;
}

std::span<const string_view> enumeration_operators() { return equatable; }

std::span<const string_view> list_operators() { return lists; }

TypeDefinition& add_value_filter(TypeSet& types, const TypeDefinition& type, std::span<const string_view> operators) {
  TypeDefinition& filter = types.add(TypeKind::input_object, type.name + "Filter", description_of(type.name));
  for (const string_view name : operators) {
    TypeUse value = use(type);
    if (name == "is") value = use(types.get("FilterIs"));
    if (name == "in") value = list_of(non_null(use(type)));
    filter.inputs.push_back(operation(name, std::move(value)));
  }
  return filter;
}

TypeDefinition& add_list_filter(TypeSet& types, const TypeDefinition& type) {
  const std::string name = type.name + "List";
  TypeDefinition& filter = types.add(TypeKind::input_object, name + "Filter", description_of(name));
  for (const string_view each : list_operators()) {
    filter.inputs.push_back(operation(each, each == "is" ? use(types.get("FilterIs")) : list_of(non_null(use(type)))));
  }
  return filter;
}

}  // namespace ballast::graphql
