#include "graphql/compatible_messages.hpp"

#include <fmt/format.h>

#include "json/writer.hpp"

namespace ballast::graphql::compatible_messages {
namespace {

/// `["a", "b"]`
std::string listed(std::span<const std::string_view> names) {
  std::string out = "[";
  for (const std::string_view name : names) {
    if (out.size() > 1) out += ", ";
    json::append_string(out, name);
  }
  return out + "]";
}

}  // namespace

std::string broken_directive(std::string_view what) {
  return fmt::format("Error while loading schema, check comment directives. {}", what);
}

std::string unknown_field(UnknownField where, std::string_view name, const TypeDefinition& type) {
  if (where == UnknownField::at_root) return fmt::format("Unknown field \"{}\" on type {}", name, type.name);
  return fmt::format("Unknown field '{}' on type '{}'", name, type.name);
}

std::string unknown_fragment(std::string_view name) { return fmt::format("no fragment named {}", name); }

std::string unknown_directive(std::string_view name) { return fmt::format("Unknown directive {}", name); }

std::string directive_arguments(std::string_view directive) {
  return fmt::format("Incorrect arguments to directive @{}", directive);
}

std::string no_condition(std::string_view directive) {
  return fmt::format("Value for \"if\" in @{} directive is required", directive);
}

std::string unknown_arguments(std::span<const std::string_view> names) {
  return fmt::format("Input contains extra keys {}", listed(names));
}

std::string unknown_input_fields(const TypeDefinition& type, std::span<const std::string_view> names) {
  return fmt::format("Input for type {} contains extra keys {}", type.name, listed(names));
}

std::string invalid_input(const TypeDefinition& type) { return fmt::format("Invalid input for {} type", type.name); }

std::string string_required(const TypeDefinition& type) { return invalid_input(type) + ". String required"; }

std::string missing_key_columns(std::span<const std::string_view> columns) {
  return fmt::format("Missing primary key column(s): {}", fmt::join(columns, ", "));
}

std::string different_fields(std::string_view one, std::string_view other) {
  return fmt::format("Fields `{}` and `{}` are different", one, other);
}

std::string different_arguments(std::string_view field) {
  return fmt::format("Two fields named `{}` have different arguments", field);
}

std::string invalid_node_id(NodeIdFault fault) {
  const auto number = [&] {
    switch (fault) {
      case NodeIdFault::encoding:
        return 2;
      case NodeIdFault::json:
        return 4;
      case NodeIdFault::array:
        return 5;
      case NodeIdFault::length:
        return 6;
      case NodeIdFault::schema:
        return 7;
      case NodeIdFault::relation:
        return 8;
    }
    return 1;
  };
  return fmt::format("Invalid value passed to nodeId argument. Error {}", number());
}

}  // namespace ballast::graphql::compatible_messages
