#include "graphql/slots.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "graphql/input_json.hpp"

namespace ballast::graphql {
namespace {

bool named(const TypeReference& type) { return !type.items; }

/// Is a scalar in this place bound as it is? Enumerations are translated, lists and patterns are composed.
bool binds(const InputField& place) {
  if (place.type.named == nullptr || place.type.named->kind != TypeKind::scalar || place.type.list()) return false;
  if (place.binding.meaning == Meaning::key_column) return true;
  return place.binding.meaning == Meaning::operation && place.name != "startsWith" && place.name != "in" &&
         place.name != "is" && place.type.named->name != "ID" && place.type.named->name != "JSON";
}

/// What a place asks of a scalar before it binds it. Empty: no scalar.
std::string_view kind_of(const Input& input) {
  if (std::holds_alternative<std::string>(input.value)) return "$string";
  if (std::holds_alternative<bool>(input.value)) return "$boolean";
  if (const auto* number = std::get_if<Input::Number>(&input.value)) return number->integer ? "$integer" : "$number";
  return {};
}

/// Walks an operation and its fragments, each once, and notes variables that stand where they shape the statement.
class Walk {
 public:
  Walk(const Document& document, const Schema& schema) : document_(document), schema_(schema) {}

  void selections(const std::vector<Selection>& all, const TypeDefinition* type) {
    for (const Selection& selection : all) {
      if (const auto* field = std::get_if<Field>(&selection.node)) {
        directives(field->directives);
        const FieldDefinition* definition = type == nullptr ? nullptr : schema_.field(*type, field->name);
        for (const Argument& argument : field->arguments) {
          value(argument.value, definition == nullptr ? nullptr : definition->argument(argument.name));
        }
        selections(field->selections, definition == nullptr ? nullptr : definition->type.named);
      } else if (const auto* spread = std::get_if<FragmentSpread>(&selection.node)) {
        directives(spread->directives);
        const Fragment* fragment = document_.fragment(spread->name);
        if (fragment != nullptr && seen_.insert(fragment->name).second) {
          directives(fragment->directives);
          selections(fragment->selections, schema_.type(fragment->on));
        }
      } else {
        const auto& part = std::get<InlineFragment>(selection.node);
        directives(part.directives);
        selections(part.selections, part.on.empty() ? type : schema_.type(part.on));
      }
    }
  }

  void directives(const std::vector<Directive>& all) {
    for (const Directive& directive : all) {
      for (const Argument& argument : directive.arguments) value(argument.value, nullptr);
    }
  }

  bool shapes(const std::string& variable) const { return shaping_.contains(variable); }

 private:
  void value(const Value& given, const InputField* place) {
    if (const auto* variable = std::get_if<VariableValue>(&given.node)) {
      if (place == nullptr || !binds(*place)) shaping_.insert(variable->name);
    } else if (const auto* list = std::get_if<ListValue>(&given.node)) {
      const bool objects = place != nullptr && place->type.named->kind == TypeKind::input_object;
      for (const Value& item : list->items) value(item, objects ? place : nullptr);
    } else if (const auto* object = std::get_if<ObjectValue>(&given.node)) {
      const TypeDefinition* type = place == nullptr ? nullptr : place->type.named;
      for (const ObjectField& field : object->fields)
        value(field.value, type == nullptr ? nullptr : type->input(field.name));
    }
  }

  const Document& document_;
  const Schema& schema_;
  std::set<std::string_view> seen_;
  std::set<std::string> shaping_;
};

}  // namespace

Slots::Slots(const Operation& operation, const Document& document, const Schema& schema) {
  if (operation.variables.empty() || operation.type != OperationType::query) return;
  Walk walk(document, schema);
  walk.directives(operation.directives);
  walk.selections(operation.selections, schema.query());
  for (const VariableDefinition& definition : operation.variables) {
    if (named(definition.type) && !walk.shapes(definition.name)) names_.push_back(definition.name);
  }
}

int Slots::place(const Input& input) {
  if (input.variable.empty() || input.null()) return -1;
  if (std::ranges::find(names_, input.variable) == names_.end()) return -1;
  places_.push_back(input.variable);
  return static_cast<int>(places_.size()) - 1;
}

void Slots::append_key(std::string& key, const Operation& operation, const Variables& variables) const {
  for (const VariableDefinition& definition : operation.variables) {
    const Input* value = variable(variables, definition.name);
    key += '\n';
    if (value == nullptr) continue;
    const std::string_view kind = kind_of(*value);
    if (!kind.empty() && std::ranges::find(names_, definition.name) != names_.end()) {
      key += kind;
    } else {
      append_json(key, *value);
    }
  }
}

const Input* variable(const Variables& variables, std::string_view name) noexcept {
  for (const auto& [known, value] : variables) {
    if (known == name) return &value;
  }
  return nullptr;
}

}  // namespace ballast::graphql
