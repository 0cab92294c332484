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
      "What this server can be asked: its types, its directives and its root types.");
  add(types, TypeKind::object, "__Type",
      "A type. `kind` says which of its fields mean something; the others are null.");
  add_enumeration(types, "__TypeKind", "The kinds of types.",
                  {{"SCALAR", "A leaf with a value of its own."},
                   {"OBJECT", "Has `fields` and `interfaces`."},
                   {"INTERFACE", "Has `fields`, `interfaces` and `possibleTypes`."},
                   {"UNION", "Has `possibleTypes`."},
                   {"ENUM", "Has `enumValues`."},
                   {"INPUT_OBJECT", "Has `inputFields`."},
                   {"LIST", "A list of `ofType`."},
                   {"NON_NULL", "`ofType`, and never null."}});
  add(types, TypeKind::object, "__Field", "A field of an object or an interface, with its arguments and its type.");
  add(types, TypeKind::object, "__InputValue", "An argument, or a field of an input object.");
  add(types, TypeKind::object, "__EnumValue", "A value of an enumeration. Answers have its name as a string.");
  add(types, TypeKind::object, "__Directive", "A directive: what may be added to parts of a document.");
  add_enumeration(types, "__DirectiveLocation", "Where a directive may stand.",
                  {{"QUERY", "On a query."},
                   {"MUTATION", "On a mutation."},
                   {"SUBSCRIPTION", "On a subscription."},
                   {"FIELD", "On a field that is selected."},
                   {"FRAGMENT_DEFINITION", "On a fragment."},
                   {"FRAGMENT_SPREAD", "On the spread of a fragment."},
                   {"INLINE_FRAGMENT", "On an inline fragment."},
                   {"VARIABLE_DEFINITION", "On the definition of a variable."},
                   {"SCHEMA", "On a schema."},
                   {"SCALAR", "On a scalar."},
                   {"OBJECT", "On an object type."},
                   {"FIELD_DEFINITION", "On a field of a type."},
                   {"ARGUMENT_DEFINITION", "On an argument of a field or a directive."},
                   {"INTERFACE", "On an interface."},
                   {"UNION", "On a union."},
                   {"ENUM", "On an enumeration."},
                   {"ENUM_VALUE", "On a value of an enumeration."},
                   {"INPUT_OBJECT", "On an input object type."},
                   {"INPUT_FIELD_DEFINITION", "On a field of an input object type."}});

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
          .description = "This schema.",
          .type = use(types, "__Schema!"),
          .binding = {.meaning = Meaning::introspect_schema}};
}

FieldDefinition type_field(const Types& types) {
  FieldDefinition field{.name = "__type",
                        .description = "The type of that name; null when there is none.",
                        .type = use(types, "__Type"),
                        .binding = {.meaning = Meaning::introspect_type}};
  field.arguments.push_back({.name = "name", .type = use(types, "String!")});
  return field;
}

}  // namespace ballast::graphql
