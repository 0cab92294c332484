#include "graphql/literal.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "graphql/leaf.hpp"

namespace ballast::graphql {
namespace {

/// Is nothing null in a variable's value that may not be null where it is used? Otherwise its type was compared.
bool suits(const Input& value, const TypeView& type) {
  if (value.null()) return !type.non_null();
  const auto* list = std::get_if<Input::List>(&value.value);
  if (list == nullptr || !type.list()) return true;
  const TypeView items = type.items();
  return std::ranges::all_of(*list, [&](const Input& item) { return suits(item, items); });
}

/// About how much memory a value takes.
std::size_t size_of(const Input& input) {
  std::size_t size = sizeof(Input);
  if (const auto* text = std::get_if<std::string>(&input.value)) size += text->size();
  if (const auto* number = std::get_if<Input::Number>(&input.value)) size += number->text.size();
  if (const auto* list = std::get_if<Input::List>(&input.value)) {
    for (const Input& item : *list) size += size_of(item);
  }
  if (const auto* object = std::get_if<Input::Object>(&input.value)) {
    for (const auto& [name, member] : *object) size += sizeof(std::string) + name.size() + size_of(member);
  }
  return size;
}

struct ScalarInput {
  std::optional<Input> operator()(const IntValue& number) const {
    return Input{.value = Input::Number{number.text, true}, .variable = {}};
  }
  std::optional<Input> operator()(const FloatValue& number) const {
    return Input{.value = Input::Number{number.text, false}, .variable = {}};
  }
  std::optional<Input> operator()(const StringValue& string) const {
    return Input{.value = string.text, .variable = {}};
  }
  std::optional<Input> operator()(const BooleanValue& boolean) const {
    return Input{.value = boolean.value, .variable = {}};
  }
  std::optional<Input> operator()(const EnumValue& member) const {
    return Input{.value = Input::Enum{member.name}, .variable = {}};
  }
  std::optional<Input> operator()(const NullValue&) const { return Input{}; }
  std::optional<Input> operator()(const VariableValue&) const { return std::nullopt; }
  std::optional<Input> operator()(const ListValue&) const { return std::nullopt; }
  std::optional<Input> operator()(const ObjectValue&) const { return std::nullopt; }
};

}  // namespace

VariableTable::VariableTable(const Variables& variables, const CollectLimits& limits) : left_(limits.free_bytes) {
  for (const auto& [name, value] : variables) {
    const std::size_t size = size_of(value);
    by_name_.emplace(name, std::pair(&value, size));
    left_ += limits.copies * size;
  }
}

const Input* VariableTable::find(std::string_view name) const noexcept {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second.first;
}

std::optional<Input> VariableTable::copy(std::string_view name, const Input& value) {
  const std::size_t size = by_name_.at(name).second;
  if (size > left_) {
    exhausted_ = true;
    return std::nullopt;
  }
  left_ -= size;
  std::optional<Input> copy = value;
  copy->variable = name;
  return copy;
}

bool LiteralCoercion::missing(const Value& value) const noexcept {
  const auto* variable = std::get_if<VariableValue>(&value.node);
  return variable != nullptr && variables_.find(variable->name) == nullptr;
}

std::optional<Input> LiteralCoercion::value(const Value& value, const TypeView& type) {
  if (!work_.spend()) return std::nullopt;
  if (const auto* variable = std::get_if<VariableValue>(&value.node)) return this->variable(*variable, type);
  if (std::holds_alternative<NullValue>(value.node)) {
    return type.non_null() ? std::nullopt : std::optional<Input>(std::in_place);
  }
  if (type.list()) {
    if (const auto* list = std::get_if<ListValue>(&value.node)) return this->list(*list, type.items());
    std::optional<Input> only = this->value(value, type.items());
    if (!only) return std::nullopt;
    Input list{.value = Input::List{}, .variable = {}};
    std::get<Input::List>(list.value).push_back(*std::move(only));
    return list;
  }
  if (type.named->kind == TypeKind::input_object) {
    const auto* object = std::get_if<ObjectValue>(&value.node);
    return object == nullptr ? std::nullopt : this->object(*object, *type.named);
  }
  return leaf(value, *type.named);
}

std::optional<Input> LiteralCoercion::variable(const VariableValue& variable, const TypeView& type) {
  const Input* value = variables_.find(variable.name);
  if (value == nullptr || !suits(*value, type)) return std::nullopt;
  return variables_.copy(variable.name, *value);
}

std::optional<Input> LiteralCoercion::list(const ListValue& list, const TypeView& items) {
  Input::List all;
  for (const Value& item : list.items) {
    // A variable without a value is null in a list.
    std::optional<Input> coerced =
        missing(item) && !items.non_null() ? std::optional<Input>(std::in_place) : value(item, items);
    if (!coerced) return std::nullopt;
    all.push_back(*std::move(coerced));
  }
  return Input{.value = std::move(all), .variable = {}};
}

std::optional<Input> LiteralCoercion::object(const ObjectValue& object, const TypeDefinition& type) {
  Input::Object members;
  std::vector<bool> seen(type.inputs.size());
  for (const ObjectField& field : object.fields) {
    const InputField* definition = names_.input(type, field.name);
    if (definition == nullptr) return std::nullopt;
    // A variable without a value leaves the field out.
    if (missing(field.value)) continue;
    std::optional<Input> coerced = value(field.value, definition->type);
    if (!coerced) return std::nullopt;
    seen[static_cast<std::size_t>(definition - type.inputs.data())] = true;
    members.emplace_back(field.name, *std::move(coerced));
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const InputField& definition = type.inputs[i];
    if (seen[i]) continue;
    if (definition.required()) return std::nullopt;
    if (definition.default_value) members.emplace_back(definition.name, *definition.default_value);
  }
  if (type.one_of && (members.size() != 1 || members.front().second.null())) return std::nullopt;
  return Input{.value = std::move(members), .variable = {}};
}

std::optional<Input> LiteralCoercion::leaf(const Value& value, const TypeDefinition& type) {
  if (takes_any_value(type)) return any(value);
  std::optional<Input> input = std::visit(ScalarInput{}, value.node);
  if (!input) return std::nullopt;
  Suggestions none(false);
  const auto refusal = coerce_leaf(
      type, *input, Source::literal, [] { return std::string(); }, none);
  return refusal ? std::nullopt : std::move(input);
}

std::optional<Input> LiteralCoercion::any(const Value& value) {
  if (!work_.spend()) return std::nullopt;
  if (const auto* variable = std::get_if<VariableValue>(&value.node)) return this->variable(*variable, {});
  if (const auto* list = std::get_if<ListValue>(&value.node)) {
    Input::List all;
    for (const Value& item : list->items) {
      std::optional<Input> coerced = missing(item) ? std::optional<Input>(std::in_place) : any(item);
      if (!coerced) return std::nullopt;
      all.push_back(*std::move(coerced));
    }
    return Input{.value = std::move(all), .variable = {}};
  }
  if (const auto* object = std::get_if<ObjectValue>(&value.node)) {
    Input::Object members;
    for (const ObjectField& field : object->fields) {
      if (missing(field.value)) continue;
      std::optional<Input> coerced = any(field.value);
      if (!coerced) return std::nullopt;
      members.emplace_back(field.name, *std::move(coerced));
    }
    return Input{.value = std::move(members), .variable = {}};
  }
  if (std::holds_alternative<EnumValue>(value.node)) return std::nullopt;
  return std::visit(ScalarInput{}, value.node);
}

std::optional<Input> constant(const Value& value, const TypeView& type) {
  const Variables no_variables;
  VariableTable table(no_variables, {});
  NameIndex names;
  Budget work(std::numeric_limits<std::size_t>::max());
  return LiteralCoercion(table, names, work).value(value, type);
}

}  // namespace ballast::graphql
