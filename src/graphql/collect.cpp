#include "graphql/collect.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "graphql/compatible_messages.hpp"
#include "graphql/same_arguments.hpp"
#include "graphql/shown.hpp"

namespace ballast::graphql {
namespace {

constexpr std::string_view input_code = "BAD_USER_INPUT";
constexpr std::size_t max_problems = 100;

std::string argument_name(const InputField& definition) { return "Argument " + quoted(definition.name); }

}  // namespace

/// One selection set in the making.
struct Collector::Collection {
  const TypeDefinition& type;
  std::vector<CollectedField> fields;
  std::unordered_map<std::string_view, std::size_t> places;  ///< by response key
  std::unordered_set<const Fragment*> visited;
  compatible_messages::UnknownField unknown =
      compatible_messages::UnknownField::below;  ///< how one of it would be called
};

const Input* CollectedField::argument(Meaning meaning) const noexcept {
  const auto found = std::ranges::find(arguments, meaning,
                                       [](const Argument& argument) { return argument.definition->binding.meaning; });
  return found == arguments.end() ? nullptr : &found->value;
}

Collector::Collector(const Document& document, const Schema& schema, const Variables& variables,
                     const CollectLimits& limits, Checked checked)
    : schema_(schema),
      variables_(variables, limits),
      work_(limits.max_work),
      literals_(variables_, names_, work_),
      inputs_(variables_, names_, work_),
      checked_(checked) {
  for (const Fragment& fragment : document.fragments) fragments_.emplace(fragment.name, &fragment);
}

std::vector<CollectedField> Collector::root(const Operation& operation, const TypeDefinition& type) {
  Collection collection{type, {}, {}, {}, compatible_messages::UnknownField::at_root};
  root_ = {};
  collect(operation.selections, collection);
  for (CollectedField& field : collection.fields) {
    field.root = root_ = field.key;
    coerce_arguments(field);
  }
  return std::move(collection.fields);
}

std::vector<CollectedField> Collector::of(const CollectedField& field, const TypeDefinition& type) {
  const bool row = field.definition->binding.meaning == Meaning::by_key;
  Collection collection{
      type, {}, {}, {}, row ? compatible_messages::UnknownField::at_root : compatible_messages::UnknownField::below};
  root_ = field.root;
  for (const Field* node : field.nodes) collect(node->selections, collection);
  for (CollectedField& selected : collection.fields) {
    selected.root = field.root;
    coerce_arguments(selected);
  }
  return std::move(collection.fields);
}

void Collector::collect(const std::vector<Selection>& selections, Collection& into) {
  for (const Selection& selection : selections) {
    if (!work_.spend()) return refuse();
    if (const auto* field = std::get_if<Field>(&selection.node)) {
      const std::string_view outer = std::exchange(root_, root_.empty() ? std::string_view(field->key()) : root_);
      if (included(field->directives)) add(*field, into);
      root_ = outer;
    } else if (const auto* inlined = std::get_if<InlineFragment>(&selection.node)) {
      if (included(inlined->directives) && applies(inlined->on, into.type)) collect(inlined->selections, into);
    } else {
      const auto& spread = std::get<FragmentSpread>(selection.node);
      const auto found = fragments_.find(spread.name);
      if (!included(spread.directives)) continue;
      if (found == fragments_.end()) {
        report(compatible_messages::unknown_fragment(spread.name), spread.at);
        continue;
      }
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
      return report(compatible_messages::unknown_field(into.unknown, field.name, into.type), field.at);
    }
    CollectedField& collected = into.fields.emplace_back();
    collected.key = field.key();
    collected.definition = definition;
    collected.at = field.at;
  } else if (checked_ == Checked::compatibly) {
    check_same(*into.fields[place->second].nodes.front(), field);
  }
  into.fields[place->second].nodes.push_back(&field);
}

void Collector::check_same(const Field& first, const Field& other) {
  if (first.name != other.name) return report(compatible_messages::different_fields(first.name, other.name), other.at);
  if (!same_arguments(first.arguments, other.arguments))
    report(compatible_messages::different_arguments(first.name), other.at);
}

bool Collector::included(const std::vector<Directive>& directives) {
  return std::ranges::all_of(directives, [&](const Directive& directive) {
    if (directive.name != "skip" && directive.name != "include") {
      if (checked_ == Checked::compatibly) report(compatible_messages::unknown_directive(directive.name), directive.at);
      return true;
    }
    const bool met = checked_ == Checked::compatibly ? compatible_condition(directive) : condition(directive);
    return met == (directive.name == "include");
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

bool Collector::compatible_condition(const Directive& directive) {
  if (directive.arguments.size() != 1 || directive.arguments.front().name != "if") {
    report(compatible_messages::directive_arguments(directive.name), directive.at);
    return false;
  }
  const std::optional<Input> value = inputs_.read(directive.arguments.front().value);
  const bool* boolean = value ? std::get_if<bool>(&value->value) : nullptr;
  if (boolean == nullptr) report(compatible_messages::no_condition(directive.name), directive.at);
  return boolean != nullptr && *boolean;
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
  if (checked_ == Checked::compatibly) return coerce_compatibly(field);
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

void Collector::coerce_compatibly(CollectedField& field) {
  const Field& node = *field.nodes.front();
  std::vector<std::string_view> unknown;
  for (const Argument& given : node.arguments) {
    if (field.definition->argument(given.name) == nullptr) unknown.push_back(given.name);
  }
  if (!unknown.empty()) return report(compatible_messages::unknown_arguments(unknown), field.at);
  std::vector<std::string_view> missing;
  for (const InputField& definition : field.definition->arguments) {
    const auto found = std::ranges::find(node.arguments, definition.name, &Argument::name);
    std::optional<Input> value;
    if (found != node.arguments.end()) value = inputs_.read(found->value);
    if (work_.spent() || variables_.exhausted()) return refuse();
    if (!value) value = definition.default_value;
    if (!value && definition.binding.meaning == Meaning::key_column) {
      missing.push_back(definition.binding.column->name);
    } else if (!value && definition.type.non_null()) {
      return report(std::string(compatible_messages::null_for_non_null), field.at);
    }
    if (!value) continue;
    if (auto refusal = inputs_.fit(*value, definition.type)) return report(*std::move(refusal), field.at);
    field.arguments.push_back({&definition, *std::move(value)});
  }
  if (!missing.empty()) report(compatible_messages::missing_key_columns(missing), field.at);
}

void Collector::refuse() {
  if (std::exchange(refused_, true)) return;
  problems_.push_back({"Operation is too complex to be executed.", {}, std::string(input_code), {}});
}

void Collector::report(std::string message, Position at) {
  if (problems_.size() >= max_problems) return;
  problems_.push_back({std::move(message), {at}, std::string(input_code), {}});
  if (!root_.empty()) problems_.back().path.emplace_back(root_);
}

}  // namespace ballast::graphql
