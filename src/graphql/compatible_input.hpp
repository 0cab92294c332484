#pragma once

#include <optional>
#include <string>

#include "graphql/ast.hpp"
#include "graphql/literal.hpp"

namespace ballast::graphql {

/// Values as pg_graphql takes them: it has no opinion on the types that variables are declared with, and compares
/// whatever stands in a place, literal or variable, with the place's type.
class CompatibleInput {
 public:
  /// All outlive it.
  CompatibleInput(VariableTable& variables, NameIndex& names, Budget& work) noexcept
      : variables_(variables), names_(names), work_(work) {}

  /// The value without a type. Nothing when it is a variable that has none, or when the bounds are reached.
  std::optional<Input> read(const Value& value);
  /// Gives a value the form of its place's type, or says in pg_graphql's words why it does not fit.
  std::optional<std::string> fit(Input& input, const TypeView& type);

 private:
  std::optional<std::string> fit_object(Input& input, const TypeDefinition& type);

  VariableTable& variables_;
  NameIndex& names_;
  Budget& work_;
};

/// A literal without variables, without a type: a variable's default.
std::optional<Input> untyped_constant(const Value& value);

}  // namespace ballast::graphql
