#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/collect.hpp"
#include "graphql/limits.hpp"
#include "graphql/problem.hpp"

namespace ballast::graphql {

/// The fields of the types of introspection, by name: what a name means is up to the type that has it.
enum class IntrospectionField : std::uint8_t {
  type_name,
  name,
  description,
  // of __Schema
  types,
  query_type,
  mutation_type,
  subscription_type,
  directives,
  // of __Type
  kind,
  specified_by_url,
  fields,
  interfaces,
  possible_types,
  enum_values,
  input_fields,
  of_type,
  is_one_of,
  // of __Field, __InputValue, __EnumValue
  args,
  type,
  default_value,
  is_deprecated,
  deprecation_reason,
  // of __Directive
  is_repeatable,
  locations,
};

/// What an introspection asks for: collected once, since which fields a selection has does not depend on the type that
/// is described, and then followed for every type of the schema.
struct IntrospectionPlan {
  IntrospectionField field = IntrospectionField::type_name;
  std::string key;            ///< as JSON, with the colon: `"name":`
  std::string_view own_type;  ///< the type that has the field: `__Type`
  bool include_deprecated = false;
  std::size_t number = 0;  ///< counts the plan's fields, from 1
  bool flat = true;        ///< nothing that is selected has selections itself
  std::vector<IntrospectionPlan> selections;
};

/// The plan of `field`, an introspection of the query root, or nothing and `refusal` when it asks for more than
/// `limits` allow.
std::optional<IntrospectionPlan> plan_introspection(const CollectedField& field, Collector& collector,
                                                    const IntrospectionLimits& limits, Problem& refusal);

}  // namespace ballast::graphql
