#include "graphql/directive_definitions.hpp"

namespace ballast::graphql {

std::vector<DirectiveDefinition> directive_definitions(const TypeSet& types) {
  const TypeUse text = use(types.get("String"));
  const InputField condition{.name = "if", .type = non_null(use(types.get("Boolean")))};
  const std::vector<std::string> selections{"FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"};
  InputField included = condition;
  included.description = "Included when true";
  InputField skipped = condition;
  skipped.description = "Skipped when true";
  const InputField reason{.name = "reason",
                          .description = "Why, and what to use instead",
                          .type = text,
                          .default_value = Input{.value = std::string("No longer supported"), .variable = {}}};
  const InputField url{.name = "url", .description = "Where the behavior is specified", .type = non_null(text)};
  return {
      {"deprecated",
       "Marks an element of a schema that is no longer supported",
       {"FIELD_DEFINITION", "ARGUMENT_DEFINITION", "INPUT_FIELD_DEFINITION", "ENUM_VALUE"},
       {reason}},
      {"include", "Includes this field or fragment only when the `if` argument is true", selections, {included}},
      {"oneOf", "Marks an input object of which exactly one field is given", {"INPUT_OBJECT"}, {}},
      {"skip", "Skips this field or fragment when the `if` argument is true", selections, {skipped}},
      {"specifiedBy", "Tells where the behavior of a scalar is specified", {"SCALAR"}, {url}},
  };
}

}  // namespace ballast::graphql
