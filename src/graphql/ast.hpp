#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/box.hpp"

/// A document as the GraphQL specification's grammar has it (October 2021, section 2; September 2025 where it adds):
/// executable definitions only. Plain data; positions are those of the source text.
namespace ballast::graphql {

struct Position {
  std::uint32_t line = 1;    ///< from 1
  std::uint32_t column = 1;  ///< from 1, in characters
  friend bool operator==(const Position&, const Position&) = default;
};

struct Value;

struct VariableValue {
  std::string name;  ///< without the `$`
};
struct IntValue {
  std::string text;
};
struct FloatValue {
  std::string text;
};
struct StringValue {
  std::string text;  ///< decoded; a block string without its indentation
};
struct BooleanValue {
  bool value = false;
};
struct NullValue {};
struct EnumValue {
  std::string name;
};
struct ListValue {
  std::vector<Value> items;
};
struct ObjectField;
struct ObjectValue {
  std::vector<ObjectField> fields;
};

struct Value {
  Position at;
  std::variant<NullValue, VariableValue, IntValue, FloatValue, StringValue, BooleanValue, EnumValue, ListValue,
               ObjectValue>
      node;
};

struct ObjectField {
  Position at;
  std::string name;
  Value value;
};

struct Argument {
  Position at;
  std::string name;
  Value value;
};

struct Directive {
  Position at;
  std::string name;  ///< without the `@`
  std::vector<Argument> arguments;
};

struct Selection;

struct Field {
  Position at;
  std::string alias;  ///< empty: none
  std::string name;
  std::vector<Argument> arguments;
  std::vector<Directive> directives;
  std::vector<Selection> selections;
  /// Under which the answer has it.
  const std::string& key() const noexcept { return alias.empty() ? name : alias; }
};

struct FragmentSpread {
  Position at;
  std::string name;
  std::vector<Directive> directives;
};

struct InlineFragment {
  Position at;
  std::string on;  ///< type condition; empty: none
  std::vector<Directive> directives;
  std::vector<Selection> selections;
};

struct Selection {
  std::variant<Field, FragmentSpread, InlineFragment> node;
};

/// `[Int!]!` as written.
struct TypeReference {
  Position at;
  std::string name;                         ///< of a named type
  std::optional<Box<TypeReference>> items;  ///< of a list; `name` is empty then
  bool non_null = false;
};

struct VariableDefinition {
  Position at;
  std::string name;  ///< without the `$`
  TypeReference type;
  std::optional<Value> default_value;
  std::vector<Directive> directives;
};

enum class OperationType : std::uint8_t { query, mutation, subscription };
std::string_view to_string(OperationType type) noexcept;

struct Operation {
  Position at;
  OperationType type = OperationType::query;
  std::string name;  ///< empty: anonymous
  std::vector<VariableDefinition> variables;
  std::vector<Directive> directives;
  std::vector<Selection> selections;
};

struct Fragment {
  Position at;
  std::string name;
  std::string on;
  std::vector<Directive> directives;
  std::vector<Selection> selections;
};

struct Document {
  std::vector<Operation> operations;
  std::vector<Fragment> fragments;
  /// Null when there is none of that name; of several the first.
  const Fragment* fragment(std::string_view name) const noexcept;
};

}  // namespace ballast::graphql
