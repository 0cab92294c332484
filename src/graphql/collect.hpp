#pragma once

#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "graphql/ast.hpp"
#include "graphql/budget.hpp"
#include "graphql/input.hpp"
#include "graphql/limits.hpp"
#include "graphql/literal.hpp"
#include "graphql/name_index.hpp"
#include "graphql/problem.hpp"
#include "graphql/schema.hpp"
#include "graphql/variables.hpp"

namespace ballast::graphql {

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
  Collector(const Document& document, const Schema& schema, const Variables& variables,
            const CollectLimits& limits = {});

  /// The fields of an operation's root.
  std::vector<CollectedField> root(const Operation& operation, const TypeDefinition& type);
  /// The fields that `field` selects of the object type `type` (of an interface: the type that the object really has).
  std::vector<CollectedField> of(const CollectedField& field, const TypeDefinition& type);
  /// What is wrong with the arguments of fields collected so far: a variable's value that its place does not allow, or
  /// that there is more to collect than `limits` allow. What was collected is then incomplete.
  Problems take_problems() { return std::move(problems_); }

 private:
  struct Collection;
  void collect(const std::vector<Selection>& selections, Collection& into);
  void add(const Field& field, Collection& into);
  bool included(const std::vector<Directive>& directives);
  bool condition(const Directive& directive);
  bool applies(std::string_view on, const TypeDefinition& type) const;
  void coerce_arguments(CollectedField& field);
  void coerce_argument(CollectedField& field, const InputField& definition, const Argument& given);
  void refuse();
  void report(std::string message, Position at);

  const Schema& schema_;
  std::unordered_map<std::string_view, const Fragment*> fragments_;
  VariableTable variables_;
  NameIndex names_;
  Budget work_;
  LiteralCoercion literals_;
  Problems problems_;
  bool refused_ = false;
};

}  // namespace ballast::graphql
