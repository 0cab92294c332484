#include "graphql/compatible_input.hpp"

#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "graphql/compatible_messages.hpp"
#include "graphql/leaf.hpp"
#include "graphql/untyped.hpp"

namespace ballast::graphql {
namespace {

using Refusal = std::optional<std::string>;

/// Where pg_graphql is stricter or laxer than the rest of the server; nothing where it is not.
std::optional<Refusal> own_rule(const TypeDefinition& type, const Input& input) {
  const bool string = std::holds_alternative<std::string>(input.value);
  if (type.name == "BigFloat") return string ? Refusal() : Refusal(compatible_messages::string_required(type));
  if (type.name == "JSON") return string ? Refusal() : Refusal(compatible_messages::invalid_input(type));
  if (type.name == "Int") {
    // How large it may be is the column's question.
    const auto* number = std::get_if<Input::Number>(&input.value);
    return number != nullptr && number->integer ? Refusal() : Refusal(compatible_messages::invalid_input(type));
  }
  return std::nullopt;
}

Refusal fit_leaf(Input& input, const TypeDefinition& type) {
  if (auto refusal = own_rule(type, input)) return *std::move(refusal);
  Suggestions none(false);
  const auto refusal = coerce_leaf(
      type, input, Source::variable, [] { return std::string(); }, none);
  return refusal ? Refusal(compatible_messages::invalid_input(type)) : std::nullopt;
}

}  // namespace

std::optional<Input> CompatibleInput::read(const Value& value) {
  if (!work_.spend()) return std::nullopt;
  if (const auto* variable = std::get_if<VariableValue>(&value.node)) {
    const Input* given = variables_.find(variable->name);
    return given == nullptr ? std::nullopt : variables_.copy(variable->name, *given);
  }
  Input made = untyped(value);
  if (const auto* list = std::get_if<ListValue>(&value.node)) {
    auto& items = std::get<Input::List>(made.value);
    // A variable without a value is null in a list, and leaves a field of an object out.
    for (const Value& item : list->items) items.push_back(read(item).value_or(Input{}));
  } else if (const auto* object = std::get_if<ObjectValue>(&value.node)) {
    auto& members = std::get<Input::Object>(made.value);
    for (const ObjectField& field : object->fields) {
      if (auto member = read(field.value)) members.emplace_back(field.name, *std::move(member));
    }
  }
  return made;
}

Refusal CompatibleInput::fit(Input& input, const TypeView& type) {
  if (!work_.spend()) return std::nullopt;
  if (input.null()) {
    return type.non_null() ? Refusal(std::string(compatible_messages::null_for_non_null)) : std::nullopt;
  }
  if (type.list()) {
    auto* list = std::get_if<Input::List>(&input.value);
    if (list == nullptr) {
      Refusal refusal = fit(input, type.items());
      Input only = std::move(input);
      input.value.emplace<Input::List>().push_back(std::move(only));
      return refusal;
    }
    for (Input& item : *list) {
      if (Refusal refusal = fit(item, type.items())) return refusal;
    }
    return std::nullopt;
  }
  if (type.named->kind == TypeKind::input_object) return fit_object(input, *type.named);
  return fit_leaf(input, *type.named);
}

Refusal CompatibleInput::fit_object(Input& input, const TypeDefinition& type) {
  auto* object = std::get_if<Input::Object>(&input.value);
  if (object == nullptr) return compatible_messages::invalid_input(type);
  std::vector<std::string_view> unknown;
  std::vector<bool> seen(type.inputs.size());
  for (const auto& [name, member] : *object) {
    const InputField* definition = names_.input(type, name);
    if (definition == nullptr) {
      unknown.push_back(name);
    } else {
      seen[static_cast<std::size_t>(definition - type.inputs.data())] = true;
    }
  }
  if (!unknown.empty()) return compatible_messages::unknown_input_fields(type, unknown);
  for (auto& [name, member] : *object) {
    if (Refusal refusal = fit(member, names_.input(type, name)->type)) return refusal;
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const InputField& definition = type.inputs[i];
    if (seen[i]) continue;
    if (definition.default_value) {
      object->emplace_back(definition.name, *definition.default_value);
    } else if (definition.type.non_null()) {
      return std::string(compatible_messages::null_for_non_null);
    }
  }
  return std::nullopt;
}

std::optional<Input> untyped_constant(const Value& value) {
  const Variables no_variables;
  VariableTable table(no_variables, {});
  NameIndex names;
  Budget work(std::numeric_limits<std::size_t>::max());
  return CompatibleInput(table, names, work).read(value);
}

}  // namespace ballast::graphql
