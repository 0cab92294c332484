#include "graphql/argument_default.hpp"
#include "graphql/schema_draft.hpp"

namespace ballast::graphql {
namespace {

InputField argument_of(const SchemaDraft& draft, const ReflectedFunction& function, const ReflectedArgument& argument) {
  InputField field{.name = argument.name, .type = draft.type(argument.type)};
  field.binding = {.meaning = Meaning::function_argument, .function = function.function, .position = argument.position};
  if (argument.argument->required) {
    field.type = non_null(std::move(field.type));
  } else if (!argument.type.list) {
    field.default_value = argument_default(argument.argument->default_text, argument.type.scalar);
  }
  return field;
}

FieldDefinition field_of(const SchemaDraft& draft, const ReflectedFunction& function) {
  FieldDefinition field{.name = function.name, .description = function.description};
  field.binding = {.meaning = Meaning::function_call, .function = function.function};
  for (const auto& argument : function.arguments) field.arguments.push_back(argument_of(draft, function, argument));
  if (function.rows == nullptr) {
    field.type = draft.type(function.value);
    return field;
  }
  field.binding.relation = function.rows->relation;
  field.type = use(draft.about(*function.rows, function.collection ? "Connection" : ""));
  if (function.collection) add_collection_arguments(draft, *function.rows, field);
  return field;
}

}  // namespace

void add_function_fields(SchemaDraft& draft, TypeDefinition& root, bool mutation) {
  for (const auto& function : draft.reflection.functions) {
    if ((function.function->volatility == catalog::Volatility::volatile_) != mutation) continue;
    if (root.field(function.name) == nullptr) {
      root.fields.push_back(field_of(draft, function));
    } else {
      draft.warnings.push_back("function " + function.function->schema + "." + function.function->name +
                               " is left out: " + root.name + " has a field \"" + function.name + "\"");
    }
  }
}

}  // namespace ballast::graphql
