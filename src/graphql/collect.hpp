#pragma once

#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "graphql/ast.hpp"
#include "graphql/budget.hpp"
#include "graphql/compatible_input.hpp"
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
  std::string_view root;                        ///< response key of the root field that it is, or is below

  /// Coerced arguments by their definitions, defaults filled in; those that were not given are absent.
  struct Argument {
    const InputField* definition = nullptr;
    Input value;
  };
  std::vector<Argument> arguments;
  /// Null when it was not given.
  const Input* argument(Meaning meaning) const noexcept;
};

/// How much is known of a document before it is collected.
enum class Checked : std::uint8_t {
  wholly,      ///< it is valid, and variables have their types' form
  compatibly,  ///< it passed `validate_compatibly`: what is wrong where it is reached is a problem in pg_graphql's
               ///< words
};

/// Collects the selections of a document.
class Collector {
 public:
  /// All outlive the collector.
  Collector(const Document& document, const Schema& schema, const Variables& variables,
            const CollectLimits& limits = {}, Checked checked = Checked::wholly);

  /// The fields of an operation's root.
  std::vector<CollectedField> root(const Operation& operation, const TypeDefinition& type);
  /// The fields that `field` selects of the object type `type` (of an interface: the type that the object really has).
  std::vector<CollectedField> of(const CollectedField& field, const TypeDefinition& type);
  /// What is wrong with the fields collected so far: a variable's value that its place does not allow, or that there is
  /// more to collect than `limits` allow; of a document that was checked compatibly whatever else. Paths are those of
  /// root fields. What was collected is then incomplete.
  Problems take_problems() { return std::exchange(problems_, {}); }
  Checked checked() const noexcept { return checked_; }

 private:
  struct Collection;
  void collect(const std::vector<Selection>& selections, Collection& into);
  void add(const Field& field, Collection& into);
  void check_same(const Field& first, const Field& other);
  bool included(const std::vector<Directive>& directives);
  bool condition(const Directive& directive);
  bool compatible_condition(const Directive& directive);
  bool applies(std::string_view on, const TypeDefinition& type) const;
  void coerce_arguments(CollectedField& field);
  void coerce_argument(CollectedField& field, const InputField& definition, const Argument& given);
  void coerce_compatibly(CollectedField& field);
  void refuse();
  void report(std::string message, Position at);

  const Schema& schema_;
  std::unordered_map<std::string_view, const Fragment*> fragments_;
  VariableTable variables_;
  NameIndex names_;
  Budget work_;
  LiteralCoercion literals_;
  CompatibleInput inputs_;
  Checked checked_;
  std::string_view root_;  ///< response key of the root field in hand; empty: none
  Problems problems_;
  bool refused_ = false;
};

}  // namespace ballast::graphql
