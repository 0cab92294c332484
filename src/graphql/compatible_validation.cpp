#include "graphql/compatible_validation.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "graphql/compatible_messages.hpp"
#include "graphql/validate_fragments.hpp"

namespace ballast::graphql {
namespace {

Problem problem(std::string_view message) { return {std::string(message), {}, "GRAPHQL_VALIDATION_FAILED", {}}; }

}  // namespace

Problems validate_compatibly(const Document& document, const Schema& schema, const ValidationLimits& limits) {
  const bool anonymous = std::ranges::any_of(document.operations, &std::string::empty, &Operation::name);
  if (anonymous && document.operations.size() > 1) return {problem(compatible_messages::anonymous_among_others)};
  std::unordered_set<std::string_view> names;
  for (const Operation& operation : document.operations) {
    if (!names.insert(operation.name).second) return {problem(compatible_messages::operation_name_twice)};
  }
  Validation validation(document, schema, limits);
  switch (follow_fragments(validation)) {
    case Spreading::sound:
      return {};
    case Spreading::cyclic:
      return {problem(compatible_messages::fragment_cycle)};
    case Spreading::too_deep:
      return validation.take();
  }
  return {};
}

}  // namespace ballast::graphql
