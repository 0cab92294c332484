#include "graphql/validate_variables.hpp"

#include <optional>
#include <utility>

#include "graphql/shown.hpp"
#include "graphql/validate_directives.hpp"
#include "graphql/validate_values.hpp"

namespace ballast::graphql {
namespace {

std::string variable_name(std::string_view name) { return quoted("$" + std::string(name)); }

/// Where the name stands, right after the `$`.
Position name_position(const VariableDefinition& definition) { return {definition.at.line, definition.at.column + 1}; }

const TypeReference& innermost(const TypeReference& reference) {
  const TypeReference* at = &reference;
  while (at->items) at = &**at->items;
  return *at;
}

void check_type(Validation& validation, References& references, const VariableDefinition& definition) {
  const std::optional<TypeUse> type = type_use(validation.schema, definition.type);
  if (!type) {
    const TypeReference& reference = innermost(definition.type);
    validation.report("Unknown type " + quoted(reference.name) + "." +
                          validation.suggestions.did_you_mean(reference.name, validation.schema.types()),
                      {reference.at});
    return;
  }
  if (!type->named->is_input()) {
    validation.report(
        "Variable " + variable_name(definition.name) + " cannot be non-input type " + quoted(type->print()) + ".",
        {definition.type.at});
    return;
  }
  if (definition.default_value) check_value(validation, references, *definition.default_value, {.type = *type});
}

void check_unique(Validation& validation, const std::vector<VariableDefinition>& definitions) {
  std::unordered_map<std::string_view, std::vector<Position>> places;
  for (const VariableDefinition& definition : definitions) {
    places[definition.name].push_back(name_position(definition));
  }
  for (const VariableDefinition& definition : definitions) {
    const std::vector<Position>& all = places[definition.name];
    if (all.size() < 2 || all.front() != name_position(definition)) continue;
    validation.report("There can be only one variable named " + variable_name(definition.name) + ".", all);
  }
}

struct Defined {
  const VariableDefinition* definition = nullptr;
  std::optional<TypeUse> type;
  bool used = false;
};

/// One operation and the fragments it reaches.
class Usages {
 public:
  Usages(Validation& validation, const Operation& operation) : validation_(validation), operation_(operation) {
    for (const VariableDefinition& definition : operation.variables) {
      defined_.emplace(definition.name, Defined{&definition, type_use(validation.schema, definition.type), false});
    }
  }

  void visit(const References& references) {
    for (const VariableUsage& usage : references.variables) {
      if (!validation_.spend() || validation_.stopped()) return;
      visit(usage);
    }
    for (References* fragment : references.spreads) {
      if (!validation_.spend()) return;
      if (std::exchange(fragment->reached_from, &operation_) != &operation_) pending_.push_back(fragment);
    }
  }

  void visit_fragments() {
    while (!pending_.empty()) {
      const References* fragment = pending_.back();
      pending_.pop_back();
      visit(*fragment);
    }
  }

  void report_unused() {
    for (const VariableDefinition& definition : operation_.variables) {
      if (defined_.at(definition.name).used) continue;
      validation_.report(operation_.name.empty() ? "Variable " + variable_name(definition.name) + " is never used."
                                                 : "Variable " + variable_name(definition.name) +
                                                       " is never used in operation " + quoted(operation_.name) + ".",
                         {definition.at});
    }
  }

 private:
  void visit(const VariableUsage& usage) {
    const auto found = defined_.find(usage.name);
    if (found == defined_.end()) {
      validation_.report(operation_.name.empty() ? "Variable " + variable_name(usage.name) + " is not defined."
                                                 : "Variable " + variable_name(usage.name) +
                                                       " is not defined by operation " + quoted(operation_.name) + ".",
                         {usage.at, operation_.at});
      return;
    }
    Defined& variable = found->second;
    variable.used = true;
    if (!variable.type || usage.expected.named == nullptr) return;
    if (!allowed(variable, usage)) {
      validation_.report("Variable " + variable_name(usage.name) + " of type " + quoted(variable.type->print()) +
                             " used in position expecting type " + quoted(usage.expected.print()) + ".",
                         {variable.definition->at, usage.at});
    } else if (usage.one_of != nullptr && !variable.type->non_null()) {
      validation_.report("Variable " + quoted(usage.name) + " must be non-nullable to be used for OneOf Input Object " +
                             quoted(usage.one_of->name) + ".",
                         {variable.definition->at, usage.at});
    }
  }

  static bool allowed(const Defined& variable, const VariableUsage& usage) {
    const TypeView given = *variable.type;
    if (!usage.expected.non_null() || given.non_null()) return compatible(given, usage.expected);
    const std::optional<Value>& value = variable.definition->default_value;
    const bool has_value = value && !std::holds_alternative<NullValue>(value->node);
    return (has_value || usage.has_default) && compatible(given, usage.expected.nullable());
  }

  Validation& validation_;
  const Operation& operation_;
  std::unordered_map<std::string_view, Defined> defined_;
  std::vector<const References*> pending_;
};

}  // namespace

void check_variable_definitions(Validation& validation, References& references, const Operation& operation) {
  check_unique(validation, operation.variables);
  for (const VariableDefinition& definition : operation.variables) {
    if (!validation.spend()) return;
    check_type(validation, references, definition);
    check_directives(validation, references, definition.directives, "VARIABLE_DEFINITION");
  }
}

void check_variable_usages(Validation& validation) {
  for (std::size_t i = 0; i < validation.operations.size() && !validation.stopped(); ++i) {
    Usages usages(validation, validation.document.operations[i]);
    usages.visit(validation.operations[i]);
    usages.visit_fragments();
    usages.report_unused();
  }
}

}  // namespace ballast::graphql
