#include "graphql/introspection_plan.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "json/writer.hpp"

namespace ballast::graphql {
namespace {

using F = IntrospectionField;

constexpr std::array<std::pair<std::string_view, F>, 24> names = {{
    {"__typename", F::type_name},
    {"name", F::name},
    {"description", F::description},
    {"types", F::types},
    {"queryType", F::query_type},
    {"mutationType", F::mutation_type},
    {"subscriptionType", F::subscription_type},
    {"directives", F::directives},
    {"kind", F::kind},
    {"specifiedByURL", F::specified_by_url},
    {"fields", F::fields},
    {"interfaces", F::interfaces},
    {"possibleTypes", F::possible_types},
    {"enumValues", F::enum_values},
    {"inputFields", F::input_fields},
    {"ofType", F::of_type},
    {"isOneOf", F::is_one_of},
    {"args", F::args},
    {"type", F::type},
    {"defaultValue", F::default_value},
    {"isDeprecated", F::is_deprecated},
    {"deprecationReason", F::deprecation_reason},
    {"isRepeatable", F::is_repeatable},
    {"locations", F::locations},
}};

/// Through these lists types lead to types without end.
bool list_of_types(F field) noexcept {
  return field == F::fields || field == F::interfaces || field == F::possible_types || field == F::input_fields;
}

bool include_deprecated(const CollectedField& field) noexcept {
  return std::ranges::any_of(field.arguments, [](const CollectedField::Argument& argument) {
    const bool* given = std::get_if<bool>(&argument.value.value);
    return argument.definition->name == "includeDeprecated" && given != nullptr && *given;
  });
}

class Planner {
 public:
  Planner(Position at, Collector& collector, const IntrospectionLimits& limits, Problem& refusal)
      : at_(at), collector_(collector), limits_(limits), refusal_(refusal) {}

  bool selections(const CollectedField& field, IntrospectionPlan& plan, int lists) {
    const TypeDefinition& type = *field.definition->type.named;
    if (!type.composite()) return true;
    for (const CollectedField& selected : collector_.of(field, type)) {
      if (++fields_ > limits_.max_fields) return refuse("Introspection asks for too many fields");
      const auto* found = std::ranges::find(names, selected.definition->name, &std::pair<std::string_view, F>::first);
      if (found == names.end()) continue;
      IntrospectionPlan& child = plan.selections.emplace_back();
      child.field = found->second;
      child.own_type = type.name;
      child.number = fields_;
      child.include_deprecated = include_deprecated(selected);
      json::append_string(child.key, selected.key);
      child.key += ':';
      const int below = lists + (list_of_types(child.field) ? 1 : 0);
      if (below > limits_.max_lists) return refuse("Maximum introspection depth exceeded");
      if (!selections(selected, child, below)) return false;
      plan.flat = plan.flat && child.selections.empty();
    }
    return true;
  }

 private:
  bool refuse(std::string_view why) {
    refusal_ = {std::string(why), {at_}, "GRAPHQL_VALIDATION_FAILED", {}};
    return false;
  }

  Position at_;
  Collector& collector_;
  const IntrospectionLimits& limits_;
  Problem& refusal_;
  std::size_t fields_ = 0;
};

}  // namespace

std::optional<IntrospectionPlan> plan_introspection(const CollectedField& field, Collector& collector,
                                                    const IntrospectionLimits& limits, Problem& refusal) {
  std::optional<IntrospectionPlan> plan(std::in_place);
  if (!Planner(field.at, collector, limits, refusal).selections(field, *plan, 0)) plan.reset();
  return plan;
}

}  // namespace ballast::graphql
