#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "graphql/budget.hpp"
#include "graphql/limits.hpp"
#include "graphql/name_index.hpp"
#include "graphql/type_view.hpp"
#include "graphql/variables.hpp"

namespace ballast::graphql {

/// A request's variables for the literals that use them. Every use takes a copy; what all copies together may take is
/// bounded.
class VariableTable {
 public:
  VariableTable(const Variables& variables, const CollectLimits& limits);

  /// Null when it has no value.
  const Input* find(std::string_view name) const noexcept;
  /// A copy of a value that `find` gave, marked as the variable's. Nothing when there were too many already.
  std::optional<Input> copy(std::string_view name, const Input& value);
  /// Was a copy refused?
  bool exhausted() const noexcept { return exhausted_; }

 private:
  std::unordered_map<std::string_view, std::pair<const Input*, std::size_t>> by_name_;  ///< with its size in bytes
  std::size_t left_;
  bool exhausted_ = false;
};

/// Coerces the literals of a valid document to their types, with variables replaced (specification section 6.4.1).
class LiteralCoercion {
 public:
  /// All outlive it.
  LiteralCoercion(VariableTable& variables, NameIndex& names, Budget& work) noexcept
      : variables_(variables), names_(names), work_(work) {}

  /// Nothing when a variable's value does not suit its place (`null`, or none, where neither may be), or when the
  /// bounds are reached.
  std::optional<Input> value(const Value& value, const TypeView& type);
  /// Is this a variable that has no value?
  bool missing(const Value& value) const noexcept;

 private:
  std::optional<Input> variable(const VariableValue& variable, const TypeView& type);
  std::optional<Input> list(const ListValue& list, const TypeView& items);
  std::optional<Input> object(const ObjectValue& object, const TypeDefinition& type);
  std::optional<Input> leaf(const Value& value, const TypeDefinition& type);
  std::optional<Input> any(const Value& value);

  VariableTable& variables_;
  NameIndex& names_;
  Budget& work_;
};

/// A literal without variables: a variable's default.
std::optional<Input> constant(const Value& value, const TypeView& type);

}  // namespace ballast::graphql
