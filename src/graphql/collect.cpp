#include "graphql/collect.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "graphql/shown.hpp"

namespace ballast::graphql {
namespace {

constexpr std::string_view code = "BAD_USER_INPUT";
constexpr std::size_t max_problems = 100;

std::string argument_name(const InputField& definition) { return "Argument " + quoted(definition.name); }

}  // namespace

/// One selection set in the making.
struct Collector::Collection {
  const TypeDefinition& type;
  std::vector<CollectedField> fields;
  std::unordered_map<std::string_view, std::size_t> places;  ///< by response key
  std::unordered_set<const Fragment*> visited;
};

const Input* CollectedField::argument(Meaning meaning) const noexcept {
  const auto found = std::ranges::find(arguments, meaning,
                                       [](const Argument& argument) { return argument.definition->binding.meaning; });
  return found == arguments.end() ? nullptr : &found->value;
}

Collector::Collector(const Document& document, const Schema& schema, const Variables& variables,
                     const CollectLimits& limits)
    : schema_(schema), variables_(variables, limits), work_(limits.max_work), literals_(variables_, names_, work_) {
  for (const Fragment& fragment : document.fragments) fragments_.emplace(fragment.name, &fragment);
}

std::vector<CollectedField> Collector::root(const Operation& operation, const TypeDefinition& type) {
  Collection collection{type, {}, {}, {}};
  collect(operation.selections, collection);
  for (CollectedField& field : collection.fields) coerce_arguments(field);
  return std::move(collection.fields);
}

std::vector<CollectedField> Collector::of(const CollectedField& field, const TypeDefinition& type) {
  Collection collection{type, {}, {}, {}};
  for (const Field* node : field.nodes) collect(node->selections, collection);
  for (CollectedField& selected : collection.fields) coerce_arguments(selected);
  return std::move(collection.fields);
}

void Collector::collect(const std::vector<Selection>& selections, Collection& into) {
  for (const Selection& selection : selections) {
    if (!work_.spend()) return refuse();
    if (const auto* field = std::get_if<Field>(&selection.node)) {
      if (included(field->directives)) add(*field, into);
    } else if (const auto* inlined = std::get_if<InlineFragment>(&selection.node)) {
      if (included(inlined->directives) && applies(inlined->on, into.type)) collect(inlined->selections, into);
    } else {
      const auto& spread = std::get<FragmentSpread>(selection.node);
      const auto found = fragments_.find(spread.name);
      if (found == fragments_.end() || !included(spread.directives)) continue;
      const Fragment& fragment = *found->second;
      if (!into.visited.insert(&fragment).second) continue;
      if (applies(fragment.on, into.type)) collect(fragment.selections, into);
    }
  }
}

void Collector::add(const Field& field, Collection& into) {
  const auto [place, fresh] = into.places.emplace(field.key(), into.fields.size());
  if (fresh) {
    const FieldDefinition* definition = names_.field(schema_, into.type, field.name);
    if (definition == nullptr) {
      into.places.erase(place);
      return;
    }
    CollectedField& collected = into.fields.emplace_back();
    collected.key = field.key();
    collected.definition = definition;
    collected.at = field.at;
  }
  into.fields[place->second].nodes.push_back(&field);
}

bool Collector::included(const std::vector<Directive>& directives) {
  return std::ranges::all_of(directives, [&](const Directive& directive) {
    if (directive.name == "skip") return !condition(directive);
    if (directive.name == "include") return condition(directive);
    return true;
  });
}

bool Collector::condition(const Directive& directive) {
  const auto given = std::ranges::find(directive.arguments, "if", &Argument::name);
  if (given == directive.arguments.end()) return false;
  if (const auto* literal = std::get_if<BooleanValue>(&given->value.node)) return literal->value;
  const auto* variable = std::get_if<VariableValue>(&given->value.node);
  const Input* value = variable == nullptr ? nullptr : variables_.find(variable->name);
  const bool* boolean = value == nullptr ? nullptr : std::get_if<bool>(&value->value);
  if (boolean == nullptr) {
    report("Argument \"if\" of non-null type \"Boolean!\" must not be null.", given->value.at);
    return false;
  }
  return *boolean;
}

bool Collector::applies(std::string_view on, const TypeDefinition& type) const {
  if (on.empty() || on == type.name) return true;
  const TypeDefinition* condition = schema_.type(on);
  if (condition == nullptr) return false;
  if (std::ranges::find(type.interfaces, condition) != type.interfaces.end()) return true;
  return condition->kind == TypeKind::union_ &&
         std::ranges::find(condition->possible_types, &type) != condition->possible_types.end();
}

void Collector::coerce_arguments(CollectedField& field) {
  const std::vector<Argument>& given = field.nodes.front()->arguments;
  for (const InputField& definition : field.definition->arguments) {
    const auto found = std::ranges::find(given, definition.name, &Argument::name);
    if (found != given.end() && !literals_.missing(found->value)) {
      coerce_argument(field, definition, *found);
    } else if (definition.default_value) {
      field.arguments.push_back({&definition, *definition.default_value});
    } else if (definition.type.non_null()) {
      report(argument_name(definition) + " of required type " + quoted(definition.type.print()) +
                 (found == given.end() ? " was not provided."
                                       : " was provided the variable " + shown(found->value) +
                                             " which was not provided a runtime value."),
             found == given.end() ? field.at : found->value.at);
    }
  }
}

void Collector::coerce_argument(CollectedField& field, const InputField& definition, const Argument& given) {
  std::optional<Input> value = literals_.value(given.value, definition.type);
  if (value) {
    field.arguments.push_back({&definition, *std::move(value)});
    return;
  }
  const auto* variable = std::get_if<VariableValue>(&given.value.node);
  const Input* of_variable = variable == nullptr ? nullptr : variables_.find(variable->name);
  if (work_.spent() || variables_.exhausted()) {
    refuse();
  } else if (of_variable != nullptr && of_variable->null()) {
    report(argument_name(definition) + " of non-null type " + quoted(definition.type.print()) + " must not be null.",
           given.value.at);
  } else {
    report(argument_name(definition) + " has invalid value " + shown(given.value) + ".", given.value.at);
  }
}

void Collector::refuse() {
  if (std::exchange(refused_, true)) return;
  problems_.push_back({"Operation is too complex to be executed.", {}, std::string(code), {}});
}

void Collector::report(std::string message, Position at) {
  if (problems_.size() >= max_problems) return;
  problems_.push_back({std::move(message), {at}, std::string(code), {}});
}

}  // namespace ballast::graphql
