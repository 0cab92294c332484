#include "graphql/introspection_types.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.hpp"

namespace ballast::graphql {
namespace {

using Types = std::vector<std::unique_ptr<TypeDefinition>>;

const TypeDefinition* named(const Types& types, std::string_view name) {
  const auto found = std::ranges::find(types, name, [](const auto& type) -> std::string_view { return type->name; });
  check(found != types.end(), "introspection needs a type that the schema does not have");
  return found->get();
}

/// `printed` is a type as the specification writes it: `[__Type!]!`.
TypeUse use(const Types& types, std::string_view printed) {
  TypeUse type;
  while (printed.ends_with('!') || printed.ends_with(']')) {
    const bool list = printed.ends_with(']');
    type.wrappers.push_back(list ? TypeUse::Wrapper::list : TypeUse::Wrapper::non_null);
    printed.remove_suffix(1);
    if (list) printed.remove_prefix(1);
  }
  type.named = named(types, printed);
  return type;
}

TypeDefinition& add(Types& types, TypeKind kind, std::string_view name, std::string_view description) {
  TypeDefinition& type = *types.emplace_back(std::make_unique<TypeDefinition>());
  type.kind = kind;
  type.name = name;
  type.description = description;
  return type;
}

struct Member {
  std::string_view name;
  std::string_view description;
};

void add_enumeration(Types& types, std::string_view name, std::string_view description,
                     std::initializer_list<Member> members) {
  TypeDefinition& type = add(types, TypeKind::enumeration, name, description);
  for (const Member& member : members) {
    type.members.push_back({std::string(member.name), std::string(member.description), {}, std::string(member.name)});
  }
}

struct Entry {
  std::string_view name;
  std::string_view type;
  bool filters_deprecated = false;  ///< takes `includeDeprecated: Boolean = false`
};

void add_fields(const Types& types, std::string_view of, std::initializer_list<Entry> entries) {
  const auto type =
      std::ranges::find(types, of, [](const auto& candidate) -> std::string_view { return candidate->name; });
  for (const Entry& entry : entries) {
    FieldDefinition field{.name = std::string(entry.name), .type = use(types, entry.type)};
    if (entry.filters_deprecated) {
      field.arguments.push_back({.name = "includeDeprecated",
                                 .type = use(types, "Boolean"),
                                 .default_value = Input{.value = false, .variable = {}}});
    }
    (*type)->fields.push_back(std::move(field));
  }
}

}  // namespace

void add_introspection_types(Types& types) {
  add(types, TypeKind::object, "__Schema",
      "A GraphQL Schema defines the capabilities of a GraphQL server. It exposes all available types and directives on "
      "the server, as well as the entry points for query, mutation, and subscription operations.");
  add(types, TypeKind::object, "__Type",
      "The fundamental unit of any GraphQL Schema is the type. There are many kinds of types in GraphQL as represented "
      "by the `__TypeKind` enum.");
  add_enumeration(types, "__TypeKind", "An enum describing what kind of type a given `__Type` is.",
                  {{"SCALAR", "Indicates this type is a scalar."},
                   {"OBJECT", "Indicates this type is an object. `fields` and `interfaces` are valid fields."},
                   {"INTERFACE",
                    "Indicates this type is an interface. `fields`, `interfaces`, and `possibleTypes` are valid "
                    "fields."},
                   {"UNION", "Indicates this type is a union. `possibleTypes` is a valid field."},
                   {"ENUM", "Indicates this type is an enum. `enumValues` is a valid field."},
                   {"INPUT_OBJECT", "Indicates this type is an input object. `inputFields` is a valid field."},
                   {"LIST", "Indicates this type is a list. `ofType` is a valid field."},
                   {"NON_NULL", "Indicates this type is a non-null. `ofType` is a valid field."}});
  add(types, TypeKind::object, "__Field",
      "Object and Interface types are described by a list of Fields, each of which has a name, potentially a list of "
      "arguments, and a return type.");
  add(types, TypeKind::object, "__InputValue",
      "Arguments provided to Fields or Directives and the input fields of an InputObject are represented as Input "
      "Values which describe their type and optionally a default value.");
  add(types, TypeKind::object, "__EnumValue",
      "One possible value for a given Enum. Enum values are unique values, not a placeholder for a string or numeric "
      "value. However an Enum value is returned in a JSON response as a string.");
  add(types, TypeKind::object, "__Directive",
      "A Directive provides a way to describe alternate runtime execution and type validation behavior in a GraphQL "
      "document.");
  add_enumeration(types, "__DirectiveLocation",
                  "A Directive can be adjacent to many parts of the GraphQL language, a __DirectiveLocation describes "
                  "one such possible adjacencies.",
                  {{"QUERY", "Location adjacent to a query operation."},
                   {"MUTATION", "Location adjacent to a mutation operation."},
                   {"SUBSCRIPTION", "Location adjacent to a subscription operation."},
                   {"FIELD", "Location adjacent to a field."},
                   {"FRAGMENT_DEFINITION", "Location adjacent to a fragment definition."},
                   {"FRAGMENT_SPREAD", "Location adjacent to a fragment spread."},
                   {"INLINE_FRAGMENT", "Location adjacent to an inline fragment."},
                   {"VARIABLE_DEFINITION", "Location adjacent to a variable definition."},
                   {"SCHEMA", "Location adjacent to a schema definition."},
                   {"SCALAR", "Location adjacent to a scalar definition."},
                   {"OBJECT", "Location adjacent to an object type definition."},
                   {"FIELD_DEFINITION", "Location adjacent to a field definition."},
                   {"ARGUMENT_DEFINITION", "Location adjacent to an argument definition."},
                   {"INTERFACE", "Location adjacent to an interface definition."},
                   {"UNION", "Location adjacent to a union definition."},
                   {"ENUM", "Location adjacent to an enum definition."},
                   {"ENUM_VALUE", "Location adjacent to an enum value definition."},
                   {"INPUT_OBJECT", "Location adjacent to an input object type definition."},
                   {"INPUT_FIELD_DEFINITION", "Location adjacent to an input object field definition."}});

  add_fields(types, "__Schema",
             {{"description", "String"},
              {"types", "[__Type!]!"},
              {"queryType", "__Type!"},
              {"mutationType", "__Type"},
              {"subscriptionType", "__Type"},
              {"directives", "[__Directive!]!"}});
  add_fields(types, "__Type",
             {{"kind", "__TypeKind!"},
              {"name", "String"},
              {"description", "String"},
              {"specifiedByURL", "String"},
              {"fields", "[__Field!]", true},
              {"interfaces", "[__Type!]"},
              {"possibleTypes", "[__Type!]"},
              {"enumValues", "[__EnumValue!]", true},
              {"inputFields", "[__InputValue!]", true},
              {"ofType", "__Type"},
              {"isOneOf", "Boolean"}});
  add_fields(types, "__Field",
             {{"name", "String!"},
              {"description", "String"},
              {"args", "[__InputValue!]!", true},
              {"type", "__Type!"},
              {"isDeprecated", "Boolean!"},
              {"deprecationReason", "String"}});
  add_fields(types, "__InputValue",
             {{"name", "String!"},
              {"description", "String"},
              {"type", "__Type!"},
              {"defaultValue", "String"},
              {"isDeprecated", "Boolean!"},
              {"deprecationReason", "String"}});
  add_fields(
      types, "__EnumValue",
      {{"name", "String!"}, {"description", "String"}, {"isDeprecated", "Boolean!"}, {"deprecationReason", "String"}});
  add_fields(types, "__Directive",
             {{"name", "String!"},
              {"description", "String"},
              {"isRepeatable", "Boolean!"},
              {"locations", "[__DirectiveLocation!]!"},
              {"args", "[__InputValue!]!", true}});
}

FieldDefinition schema_field(const Types& types) {
  return {.name = "__schema",
          .description = "Access the current type schema of this server.",
          .type = use(types, "__Schema!"),
          .binding = {.meaning = Meaning::introspect_schema}};
}

FieldDefinition type_field(const Types& types) {
  FieldDefinition field{.name = "__type",
                        .description = "Request the type information of a single type.",
                        .type = use(types, "__Type"),
                        .binding = {.meaning = Meaning::introspect_type}};
  field.arguments.push_back({.name = "name", .type = use(types, "String!")});
  return field;
}

}  // namespace ballast::graphql
