#pragma once

#include <string>
#include <vector>

#include "graphql/ast.hpp"
#include "graphql/input.hpp"
#include "graphql/schema.hpp"
#include "graphql/variables.hpp"

namespace ballast::graphql {

/// The variables of an operation that only ever become bound values of comparisons: requests that differ in nothing but
/// these share a plan. What else a variable is used for (a page's size, a condition, an order) shapes the statement.
class Slots {
 public:
  Slots() = default;
  /// Of an operation that was checked, wholly or compatibly.
  Slots(const Operation& operation, const Document& document, const Schema& schema);

  /// A number for this place of a variable's value, as query::Value has them; -1 when the value shapes the statement.
  int place(const Input& input);
  /// The variables of the places so far, by their numbers.
  const std::vector<std::string>& places() const noexcept { return places_; }

  /// Appends what decides a plan: the values of the variables without a slot, and what kind of scalars the others are.
  void append_key(std::string& key, const Operation& operation, const Variables& variables) const;

 private:
  std::vector<std::string> names_;
  std::vector<std::string> places_;
};

/// The value of a variable; null when it is absent.
const Input* variable(const Variables& variables, std::string_view name) noexcept;

}  // namespace ballast::graphql
