#include "graphql/validate_values.hpp"

#include "graphql/leaf.hpp"
#include "graphql/shown.hpp"
#include "graphql/untyped.hpp"

namespace ballast::graphql {
namespace {

using FieldsByName = std::unordered_map<std::string_view, const ObjectField*>;

class Check {
 public:
  Check(Validation& validation, References& references) : validation_(validation), references_(references) {}

  void value(const Value& value, const ValuePlace& place) {
    if (!validation_.spend()) return;
    if (const auto* variable = std::get_if<VariableValue>(&value.node)) {
      references_.variables.push_back({variable->name, value.at, place.type, place.has_default, place.one_of});
      return;
    }
    if (place.type.named == nullptr) return parts(value);
    if (std::holds_alternative<NullValue>(value.node)) {
      if (place.type.non_null()) unexpected(value, place.type);
      return;
    }
    const TypeView type = place.type.nullable();
    if (const auto* list = std::get_if<ListValue>(&value.node); list != nullptr && type.list()) {
      for (const Value& item : list->items) this->value(item, {.type = type.items()});
      return;
    }
    if (type.named->kind != TypeKind::input_object) return leaf(value, place.type);
    if (const auto* object = std::get_if<ObjectValue>(&value.node)) return this->object(value, *object, *type.named);
    unexpected(value, place.type);
  }

 private:
  void unexpected(const Value& value, const TypeView& type) {
    validation_.report("Expected value of type " + quoted(type.print()) + ", found " + shown(value) + ".", {value.at});
  }

  /// What a value of unknown type consists of.
  void parts(const Value& value) {
    if (const auto* list = std::get_if<ListValue>(&value.node)) {
      for (const Value& item : list->items) this->value(item, {});
    } else if (const auto* object = std::get_if<ObjectValue>(&value.node)) {
      unique(*object);
      for (const ObjectField& field : object->fields) this->value(field.value, {});
    }
  }

  void leaf(const Value& value, const TypeView& type) {
    if (!type.named->is_input()) return parts(value);
    const bool whole = std::holds_alternative<ListValue>(value.node) || std::holds_alternative<ObjectValue>(value.node);
    if (whole && takes_any_value(*type.named)) return any(value, *type.named);
    Input input = untyped(value);
    auto refusal = coerce_leaf(
        *type.named, input, Source::literal, [&] { return shown(value); }, validation_.suggestions);
    if (refusal) validation_.report(*std::move(refusal), {value.at});
    if (whole) note_variables(validation_, references_, value);
  }

  /// Of a scalar that takes lists and objects of any form. A member of an enumeration is no value of its own there.
  void any(const Value& value, const TypeDefinition& type) {
    if (!validation_.spend()) return;
    if (const auto* list = std::get_if<ListValue>(&value.node)) {
      for (const Value& item : list->items) any(item, type);
    } else if (const auto* object = std::get_if<ObjectValue>(&value.node)) {
      unique(*object);
      for (const ObjectField& field : object->fields) any(field.value, type);
    } else if (std::holds_alternative<EnumValue>(value.node)) {
      leaf(value, TypeUse{&type, {}});
    } else {
      this->value(value, {});
    }
  }

  FieldsByName unique(const ObjectValue& object) {
    FieldsByName by_name;
    for (const ObjectField& field : object.fields) {
      const auto [first, fresh] = by_name.emplace(field.name, &field);
      if (fresh) continue;
      validation_.report("There can be only one input field named " + quoted(field.name) + ".",
                         {first->second->at, field.at});
    }
    return by_name;
  }

  void object(const Value& value, const ObjectValue& object, const TypeDefinition& type) {
    const FieldsByName given = unique(object);
    required(value, type, given);
    if (type.one_of) one_of(value, type, given);
    for (const ObjectField& field : object.fields) {
      const InputField* definition = validation_.names.input(type, field.name);
      if (definition == nullptr) {
        validation_.report("Field " + quoted(field.name) + " is not defined by type " + quoted(type.name) + "." +
                               validation_.suggestions.did_you_mean(field.name, type.inputs),
                           {field.at});
        note_variables(validation_, references_, field.value);
        continue;
      }
      this->value(field.value, {.type = definition->type,
                                .has_default = definition->default_value.has_value(),
                                .one_of = type.one_of ? &type : nullptr});
    }
  }

  void required(const Value& value, const TypeDefinition& type, const FieldsByName& given) {
    if (!validation_.spend(1 + type.inputs.size() / 16)) return;
    for (const InputField& definition : type.inputs) {
      if (!definition.required() || given.contains(definition.name)) continue;
      validation_.report("Field " + quoted(type.name + "." + definition.name) + " of required type " +
                             quoted(definition.type.print()) + " was not provided.",
                         {value.at});
    }
  }

  void one_of(const Value& value, const TypeDefinition& type, const FieldsByName& given) {
    if (given.size() != 1) {
      validation_.report("OneOf Input Object " + quoted(type.name) + " must specify exactly one key.", {value.at});
    } else if (std::holds_alternative<NullValue>(given.begin()->second->value.node)) {
      validation_.report("Field " + quoted(type.name + "." + std::string(given.begin()->first)) + " must be non-null.",
                         {value.at});
    }
  }

  Validation& validation_;
  References& references_;
};

}  // namespace

void check_value(Validation& validation, References& references, const Value& value, const ValuePlace& place) {
  Check(validation, references).value(value, place);
}

void note_variables(Validation& validation, References& references, const Value& value) {
  Check(validation, references).value(value, {});
}

}  // namespace ballast::graphql
