#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graphql/budget.hpp"
#include "graphql/limits.hpp"
#include "graphql/name_index.hpp"
#include "graphql/problem.hpp"
#include "graphql/suggestions.hpp"
#include "graphql/type_view.hpp"

namespace ballast::graphql {

/// A variable somewhere in a document.
struct VariableUsage {
  std::string_view name;
  Position at;
  TypeView expected;                       ///< there; of nothing when nobody knows
  bool has_default = false;                ///< the argument or input field
  const TypeDefinition* one_of = nullptr;  ///< the `@oneOf` input object whose field it gives
};

/// What an operation or a fragment itself refers to.
struct References {
  std::vector<VariableUsage> variables;
  std::vector<References*> spreads;         ///< of the fragments that are spread, as often as they are
  const Operation* reached_from = nullptr;  ///< of a fragment: by whom last, when operations are followed in turn
};

/// What a field means where it stands; null when unknown.
struct FieldFacts {
  const TypeDefinition* parent = nullptr;
  const FieldDefinition* definition = nullptr;
};

/// One document under validation: what its rules look things up in, what they found out for those that run later, and
/// the problems so far.
class Validation {
 public:
  Validation(const Document& to_validate, const Schema& against, const ValidationLimits& bounds);

  const Document& document;
  const Schema& schema;
  const ValidationLimits& limits;
  NameIndex names;
  Suggestions suggestions;

  /// Of several fragments of a name the first; null when there is none.
  const Fragment* fragment(std::string_view name) const noexcept;

  std::vector<References> operations;                         ///< as in the document
  std::unordered_map<const Fragment*, References> fragments;  ///< of each, from the start; their addresses stay
  std::unordered_map<const Field*, FieldFacts> fields;

  void report(std::string message, std::vector<Position> at);
  /// Counts so much work. False when the document may not cost more.
  bool spend(std::size_t work = 1) noexcept { return work_.spend(work); }
  /// There are too many problems, or no work is left: every rule stops.
  bool stopped() const noexcept { return work_.spent() || too_many_; }
  Problems take();

 private:
  std::unordered_map<std::string_view, const Fragment*> fragments_by_name_;
  Problems problems_;
  bool too_many_ = false;
  Budget work_;
};

}  // namespace ballast::graphql
