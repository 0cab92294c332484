#include "graphql/coerce.hpp"

#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "graphql/compatible_input.hpp"
#include "graphql/input_json.hpp"
#include "graphql/leaf.hpp"
#include "graphql/literal.hpp"
#include "graphql/name_index.hpp"
#include "graphql/shown.hpp"
#include "graphql/type_view.hpp"
#include "json/reader.hpp"

namespace ballast::graphql {
namespace {

constexpr std::string_view coercion_code = "BAD_USER_INPUT";

Problem problem(std::string message, std::vector<Position> at) {
  return {std::move(message), std::move(at), std::string(coercion_code), {}};
}

/// What is found out about one request's variables: problems, so many and no more.
class Findings {
 public:
  Findings(const Schema& schema, const CoercionLimits& limits) : suggestions(schema.introspection()), limits_(limits) {}

  Suggestions suggestions;
  NameIndex names;

  void report(std::string message, Position at) {
    if (full()) return;
    problems_.push_back(problem(std::move(message), {at}));
    if (full()) {
      problems_.push_back(problem("Too many errors processing variables, error limit reached. Execution aborted.", {}));
    }
  }
  bool full() const noexcept { return problems_.size() >= limits_.max_problems; }
  bool none() const noexcept { return problems_.empty(); }
  Problems take() { return std::move(problems_); }

 private:
  const CoercionLimits& limits_;
  Problems problems_;
};

/// The value of one variable, which gets its type's form in place.
class Coercion {
 public:
  Coercion(const VariableDefinition& definition, Findings& findings) : definition_(definition), findings_(findings) {}

  void value(Input& input, const TypeView& type) {
    if (findings_.full()) return;
    if (input.null()) {
      if (type.non_null()) refuse(input, "Expected non-nullable type " + quoted(type.print()) + " not to be null.");
      return;
    }
    if (type.list()) return list(input, type.items());
    if (type.named->kind == TypeKind::input_object) return object(input, *type.named);
    auto refusal = coerce_leaf(
        *type.named, input, Source::variable, [&] { return shown(input); }, findings_.suggestions);
    if (refusal) refuse(input, *refusal);
  }

 private:
  /// From the variable to the value at hand: `.name`, `[0]`.
  struct Step {
    std::string_view key;
    std::size_t index = 0;
  };

  void refuse(const Input& input, const std::string& why) {
    std::string message = "Variable " + quoted("$" + definition_.name) + " got invalid value " + shown(input);
    if (!path_.empty()) {
      std::string path = definition_.name;
      for (const Step& step : path_) {
        if (step.key.empty()) {
          path += "[" + std::to_string(step.index) + "]";
        } else {
          path += "." + shown(step.key);
        }
      }
      message += " at " + quoted(path);
    }
    findings_.report(message + "; " + why, definition_.at);
  }

  void list(Input& input, const TypeView& items) {
    auto* list = std::get_if<Input::List>(&input.value);
    if (list == nullptr) {
      value(input, items);
      Input only = std::exchange(input, {});
      input.value.emplace<Input::List>().push_back(std::move(only));
      return;
    }
    for (std::size_t i = 0; i < list->size() && !findings_.full(); ++i) {
      path_.push_back({{}, i});
      value((*list)[i], items);
      path_.pop_back();
    }
  }

  void object(Input& input, const TypeDefinition& type) {
    auto* object = std::get_if<Input::Object>(&input.value);
    if (object == nullptr) return refuse(input, "Expected type " + quoted(type.name) + " to be an object.");
    std::vector<bool> seen(type.inputs.size());
    for (auto& [name, member] : *object) {
      if (findings_.full()) return;
      const InputField* definition = findings_.names.input(type, name);
      if (definition == nullptr) {
        refuse(input, "Field " + quoted(name) + " is not defined by type " + quoted(type.name) + "." +
                          findings_.suggestions.did_you_mean(name, type.inputs));
        continue;
      }
      seen[static_cast<std::size_t>(definition - type.inputs.data())] = true;
      path_.push_back({name, 0});
      value(member, definition->type);
      path_.pop_back();
    }
    for (std::size_t i = 0; i < seen.size(); ++i) {
      const InputField& definition = type.inputs[i];
      if (seen[i] || !definition.required()) continue;
      refuse(input, "Field " + quoted(definition.name) + " of required type " + quoted(definition.type.print()) +
                        " was not provided.");
    }
    if (type.one_of) one_of(input, *object, type);
    for (std::size_t i = 0; i < seen.size(); ++i) {
      const InputField& definition = type.inputs[i];
      if (!seen[i] && definition.default_value) object->emplace_back(definition.name, *definition.default_value);
    }
  }

  void one_of(const Input& input, const Input::Object& object, const TypeDefinition& type) {
    if (object.size() != 1) {
      refuse(input, "Exactly one key must be specified for OneOf type " + quoted(type.name) + ".");
    } else if (object.front().second.null()) {
      path_.push_back({object.front().first, 0});
      refuse(object.front().second, "Field " + quoted(object.front().first) + " must be non-null.");
      path_.pop_back();
    }
  }

  const VariableDefinition& definition_;
  Findings& findings_;
  std::vector<Step> path_;
};

using Given = std::unordered_map<std::string_view, Input*>;

void coerce(const VariableDefinition& definition, const Schema& schema, const Given& given, Variables& variables,
            Findings& findings) {
  const std::optional<TypeUse> type = type_use(schema, definition.type);
  if (!type) return;
  const std::string subject = "Variable " + quoted("$" + definition.name);
  const auto found = given.find(definition.name);
  if (found == given.end()) {
    if (definition.default_value) {
      std::optional<Input> value = constant(*definition.default_value, *type);
      if (value) variables.emplace_back(definition.name, *std::move(value));
    } else if (type->non_null()) {
      findings.report(subject + " of required type " + quoted(type->print()) + " was not provided.", definition.at);
    }
    return;
  }
  Input& value = *found->second;
  if (value.null() && type->non_null()) {
    findings.report(subject + " of non-null type " + quoted(type->print()) + " must not be null.", definition.at);
    return;
  }
  Coercion(definition, findings).value(value, *type);
  variables.emplace_back(definition.name, std::move(value));
}

/// The request's JSON object; empty when there is none.
std::variant<Input, Problems> read_object(std::string_view json, const CoercionLimits& limits) {
  Input all{.value = Input::Object{}, .variable = {}};
  if (json.empty()) return all;
  const auto document = json::parse(json, limits.json);
  if (!document) {
    const Error& error = document.error();
    return Problems{
        problem("Variables are invalid JSON: " + (error.details.empty() ? error.message : error.details) + ".", {})};
  }
  std::size_t values = limits.max_values;
  std::optional<Input> read = from_json(document->raw, values);
  if (!read) {
    return Problems{
        problem("Variables have too many values: at most " + std::to_string(limits.max_values) + " are allowed.", {})};
  }
  if (read->null()) return all;
  if (!std::holds_alternative<Input::Object>(read->value)) return Problems{problem("Variables must be an object.", {})};
  return *std::move(read);
}

Given by_name(Input& object) {
  Given given;
  for (auto& [name, value] : std::get<Input::Object>(object.value)) given.emplace(name, &value);
  return given;
}

}  // namespace

std::variant<Variables, Problems> coerce_variables(const Operation& operation, const Schema& schema,
                                                   std::string_view json, const CoercionLimits& limits) {
  auto read = read_object(json, limits);
  if (auto* problems = std::get_if<Problems>(&read)) return std::move(*problems);
  const Given given = by_name(std::get<Input>(read));
  Variables variables;
  Findings findings(schema, limits);
  for (const VariableDefinition& definition : operation.variables) {
    coerce(definition, schema, given, variables, findings);
  }
  if (!findings.none()) return findings.take();
  return variables;
}

std::variant<Variables, Problems> untyped_variables(const Operation& operation, std::string_view json,
                                                    const CoercionLimits& limits) {
  auto read = read_object(json, limits);
  if (auto* problems = std::get_if<Problems>(&read)) return std::move(*problems);
  const Given given = by_name(std::get<Input>(read));
  Variables variables;
  for (const VariableDefinition& definition : operation.variables) {
    const auto found = given.find(definition.name);
    if (found != given.end()) {
      variables.emplace_back(definition.name, *found->second);
    } else if (definition.default_value) {
      if (auto value = untyped_constant(*definition.default_value))
        variables.emplace_back(definition.name, *std::move(value));
    }
  }
  return variables;
}

}  // namespace ballast::graphql
