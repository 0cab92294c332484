#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "graphql/ast.hpp"
#include "graphql/input.hpp"
#include "graphql/problem.hpp"
#include "graphql/schema.hpp"

namespace ballast::graphql {

/// The variables of one request, coerced (specification section 6.1.2). Those that were neither given nor have a
/// default are absent.
using Variables = std::vector<std::pair<std::string, Input>>;

/// One field of a selection set as it will be answered: the selections of the same response key merged, fragments
/// and `@skip`, `@include` resolved (specification section 6.3.2, CollectFields).
struct CollectedField {
  std::string_view key;                         ///< response key
  const FieldDefinition* definition = nullptr;  ///< `Schema::type_name()` for `__typename`
  std::vector<const Field*> nodes;              ///< the merged ones, the first first; into the document
  Position at;                                  ///< of the first

  /// Coerced arguments by their definitions, defaults filled in; those that were not given are absent.
  struct Argument {
    const InputField* definition = nullptr;
    Input value;
  };
  std::vector<Argument> arguments;
  /// Null when it was not given.
  const Input* argument(Meaning meaning) const noexcept;
};

/// Collects the selections of a valid document.
class Collector {
 public:
  /// All outlive the collector.
  Collector(const Document& document, const Schema& schema, const Variables& variables) noexcept
      : document_(document), schema_(schema), variables_(variables) {}

  /// The fields of an operation's root.
  std::vector<CollectedField> root(const Operation& operation, const TypeDefinition& type);
  /// The fields that `field` selects of the object type `type` (of an interface: the type that the object really has).
  std::vector<CollectedField> of(const CollectedField& field, const TypeDefinition& type);
  /// What is wrong with the arguments of fields collected so far (a variable's value that its place does not allow).
  Problems take_problems() { return std::move(problems_); }

 private:
  const Document& document_;
  const Schema& schema_;
  const Variables& variables_;
  Problems problems_;
};

}  // namespace ballast::graphql
