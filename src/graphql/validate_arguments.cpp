#include "graphql/validate_arguments.hpp"

#include <algorithm>

#include "graphql/shown.hpp"
#include "graphql/validate_values.hpp"

namespace ballast::graphql {
namespace {

void check_unique(Validation& validation, const std::vector<Argument>& arguments) {
  if (arguments.size() < 2) return;
  std::unordered_map<std::string_view, std::vector<Position>> places;
  for (const Argument& argument : arguments) places[argument.name].push_back(argument.at);
  for (const Argument& argument : arguments) {
    const std::vector<Position>& all = places[argument.name];
    if (all.size() < 2 || all.front() != argument.at) continue;
    validation.report("There can be only one argument named " + quoted(argument.name) + ".", all);
  }
}

bool provided(const std::vector<Argument>& arguments, std::string_view name) {
  return std::ranges::find(arguments, name, &Argument::name) != arguments.end();
}

/// `owner` and `subject` are how messages about unknown and about missing arguments call what takes them.
template <class Owner, class Subject>
void check(Validation& validation, References& references, const std::vector<Argument>& arguments, Position at,
           const std::vector<InputField>& definitions, Owner owner, Subject subject) {
  check_unique(validation, arguments);
  for (const Argument& argument : arguments) {
    if (!validation.spend()) return;
    const auto definition = std::ranges::find(definitions, argument.name, &InputField::name);
    if (definition == definitions.end()) {
      validation.report("Unknown argument " + quoted(argument.name) + " on " + owner() + "." +
                            validation.suggestions.did_you_mean(argument.name, definitions),
                        {argument.at});
      note_variables(validation, references, argument.value);
    } else {
      check_value(validation, references, argument.value,
                  {.type = definition->type, .has_default = definition->default_value.has_value()});
    }
  }
  for (const InputField& definition : definitions) {
    if (!definition.required()) continue;
    if (!validation.spend(1 + arguments.size() / 16)) return;
    if (provided(arguments, definition.name)) continue;
    validation.report(subject() + " argument " + quoted(definition.name) + " of type " +
                          quoted(definition.type.print()) + " is required, but it was not provided.",
                      {at});
  }
}

}  // namespace

void check_arguments(Validation& validation, References& references, const Field& field, const TypeDefinition* parent,
                     const FieldDefinition* definition) {
  if (definition == nullptr) {
    check_unique(validation, field.arguments);
    for (const Argument& argument : field.arguments) note_variables(validation, references, argument.value);
    return;
  }
  check(
      validation, references, field.arguments, field.at, definition->arguments,
      [&] { return "field " + quoted(parent->name + "." + definition->name); },
      [&] { return "Field " + quoted(field.name); });
}

void check_arguments(Validation& validation, References& references, const Directive& directive,
                     const DirectiveDefinition* definition) {
  if (definition == nullptr) {
    check_unique(validation, directive.arguments);
    for (const Argument& argument : directive.arguments) note_variables(validation, references, argument.value);
    return;
  }
  const auto name = [&] { return quoted("@" + directive.name); };
  check(
      validation, references, directive.arguments, directive.at, definition->arguments,
      [&] { return "directive " + name(); }, [&] { return "Directive " + name(); });
}

}  // namespace ballast::graphql
