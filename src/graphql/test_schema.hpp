#pragma once

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graphql/introspection_types.hpp"
#include "graphql/schema.hpp"

namespace ballast::graphql {

/// A small schema made by hand: accounts with friends, blogs that they own, what both have in common, and a field for
/// each scalar.
class TestSchema {
 public:
  static SchemaPtr make(bool introspection = true) { return TestSchema().build(introspection); }

  /// Like `make`, with many more object types, each with fields of each other's type.
  static SchemaPtr large(int objects) {
    TestSchema schema;
    for (int i = 0; i < objects; ++i) schema.add(TypeKind::object, "Table" + std::to_string(i));
    for (int i = 0; i < objects; ++i) {
      for (int j = 1; j <= 10; ++j) {
        const std::string other = "Table" + std::to_string((i + j) % objects);
        schema.field("Table" + std::to_string(i), "field" + std::to_string(j), "[" + other + "!]!");
      }
    }
    return schema.build(true);
  }

 private:
  struct In {
    std::string_view name;
    std::string_view type;
    std::optional<Input> default_value = {};
    Meaning meaning = Meaning::none;
  };

  TypeDefinition* find(std::string_view name) {
    for (const auto& type : types_) {
      if (type->name == name) return type.get();
    }
    return nullptr;
  }
  TypeDefinition& add(TypeKind kind, std::string_view name) {
    auto& type = types_.emplace_back(std::make_unique<TypeDefinition>());
    type->kind = kind;
    type->name = name;
    return *type;
  }
  TypeUse use(std::string_view printed) {
    TypeUse type;
    while (printed.ends_with('!') || printed.ends_with(']')) {
      const bool list = printed.ends_with(']');
      type.wrappers.push_back(list ? TypeUse::Wrapper::list : TypeUse::Wrapper::non_null);
      printed.remove_suffix(1);
      if (list) printed.remove_prefix(1);
    }
    type.named = find(printed);
    return type;
  }
  std::vector<InputField> inputs(std::initializer_list<In> all) {
    std::vector<InputField> made;
    for (const In& in : all) {
      made.push_back({.name = std::string(in.name),
                      .type = use(in.type),
                      .default_value = in.default_value,
                      .binding = {.meaning = in.meaning}});
    }
    return made;
  }
  FieldDefinition& field(std::string_view on, std::string_view name, std::string_view type,
                         std::initializer_list<In> arguments = {}) {
    return find(on)->fields.emplace_back(
        FieldDefinition{.name = std::string(name), .arguments = inputs(arguments), .type = use(type)});
  }
  void input(std::string_view name, std::initializer_list<In> fields) { find(name)->inputs = inputs(fields); }
  static Input number(std::string text) { return {.value = Input::Number{std::move(text), true}, .variable = {}}; }
  static Input member(std::string name) { return {.value = Input::Enum{std::move(name)}, .variable = {}}; }

  TestSchema() {
    for (const std::string_view name : {"Int", "Float", "String", "Boolean", "ID", "BigInt", "BigFloat", "Datetime",
                                        "UUID", "JSON", "Cursor", "Opaque"}) {
      add(TypeKind::scalar, name);
    }
    find("UUID")->specified_by = "https://www.rfc-editor.org/rfc/rfc9562";
    TypeDefinition& color = add(TypeKind::enumeration, "Color");
    color.members = {
        {"RED", "As blood.", {}, "red"}, {"GREEN", "", {}, "green"}, {"BLUE", "", Deprecation{"too sad"}, ""}};
    TypeDefinition& node = add(TypeKind::interface, "Node");
    TypeDefinition& account = add(TypeKind::object, "Account");
    TypeDefinition& blog = add(TypeKind::object, "Blog");
    TypeDefinition& thing = add(TypeKind::union_, "Thing");
    for (const std::string_view name : {"IntFilter", "AccountFilter", "AccountInput", "Lookup"}) {
      add(TypeKind::input_object, name);
    }
    add(TypeKind::object, "Query");
    add(TypeKind::object, "Mutation");

    node.possible_types = thing.possible_types = {&account, &blog};
    account.interfaces = blog.interfaces = {&node};
    account.description = "Somebody with a \"name\".";
    find("Lookup")->one_of = true;

    field("Node", "nodeId", "ID!");
    field("Account", "nodeId", "ID!");
    field("Account", "id", "Int!");
    field("Account", "email", "String");
    field("Account", "color", "Color");
    field("Account", "best", "Account");
    field("Account", "friends", "[Account!]!",
          {{"first", "Int", number("10"), Meaning::first}, {"filter", "AccountFilter", {}, Meaning::filter}});
    field("Account", "fax", "String").deprecated = Deprecation{"nobody has one"};
    field("Blog", "nodeId", "ID!");
    field("Blog", "id", "BigInt!");
    field("Blog", "title", "String");
    field("Blog", "email", "String!");
    field("Blog", "owner", "Account!");

    input("IntFilter", {{"eq", "Int"}, {"in", "[Int!]"}});
    input(
        "AccountFilter",
        {{"id", "IntFilter"}, {"email", "String"}, {"color", "Color"}, {"and", "[AccountFilter!]"}, {"meta", "JSON"}});
    input("AccountInput", {{"email", "String!"},
                           {"color", "Color", member("RED")},
                           {"tags", "[String]"},
                           {"data", "JSON"},
                           {"rank", "Int!", number("1")}});
    input("Lookup", {{"id", "Int"}, {"email", "String"}});

    field("Query", "accounts", "[Account!]!",
          {{"first", "Int", {}, Meaning::first},
           {"filter", "AccountFilter", {}, Meaning::filter},
           {"ids", "[Int!]"},
           {"color", "Color"}});
    field("Query", "account", "Account", {{"id", "Int!"}});
    field("Query", "lookup", "Account", {{"by", "Lookup!"}});
    field("Query", "node", "Node", {{"nodeId", "ID!"}});
    field("Query", "things", "[Thing!]!");
    field("Query", "echo", "String",
          {{"int", "Int"},
           {"float", "Float"},
           {"string", "String"},
           {"boolean", "Boolean", Input{.value = true, .variable = {}}},
           {"id", "ID"},
           {"bigInt", "BigInt"},
           {"bigFloat", "BigFloat"},
           {"datetime", "Datetime"},
           {"uuid", "UUID"},
           {"json", "JSON"},
           {"opaque", "Opaque"},
           {"strings", "[String]"},
           {"size", "Int!", number("5")}});
    field("Mutation", "insert", "Int", {{"objects", "[AccountInput!]!"}});
  }

  SchemaPtr build(bool introspection) {
    add_introspection_types(types_);
    std::vector<DirectiveDefinition> directives;
    for (const std::string_view name : {"skip", "include"}) {
      directives.push_back(
          {std::string(name), "", {"FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"}, inputs({{"if", "Boolean!"}})});
    }
    directives.push_back({"tag", "", {"QUERY", "VARIABLE_DEFINITION"}, inputs({{"name", "String!"}})});
    const TypeDefinition* query = find("Query");
    const TypeDefinition* mutation = find("Mutation");
    SchemaDetails details;
    details.meta_fields = {schema_field(types_), type_field(types_)};
    return std::make_shared<Schema>(nullptr, std::move(types_), std::move(directives), query, mutation, introspection,
                                    std::move(details));
  }

  std::vector<std::unique_ptr<TypeDefinition>> types_;
};

}  // namespace ballast::graphql
