#include "graphql/introspection.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "graphql/introspection_plan.hpp"
#include "graphql/print_input.hpp"
#include "graphql/type_view.hpp"
#include "json/writer.hpp"

namespace ballast::graphql {
namespace {

using F = IntrospectionField;
using Plan = IntrospectionPlan;

std::string_view kind_name(const TypeView& type) noexcept {
  if (type.non_null()) return "NON_NULL";
  if (type.list()) return "LIST";
  switch (type.named->kind) {
    case TypeKind::scalar:
      return "SCALAR";
    case TypeKind::object:
      return "OBJECT";
    case TypeKind::interface:
      return "INTERFACE";
    case TypeKind::union_:
      return "UNION";
    case TypeKind::enumeration:
      return "ENUM";
    case TypeKind::input_object:
      return "INPUT_OBJECT";
  }
  return "SCALAR";
}

/// Writes the answer.
class Text {
 public:
  explicit Text(std::string& json) noexcept : json_(json) {}
  void raw(std::string_view text) { json_ += text; }
  void string(std::string_view text) { json::append_string(json_, text); }
  bool full() const noexcept { return false; }
  /// Writes one type as it is.
  template <class Write>
  void once(const Plan&, const TypeDefinition&, Write write) {
    write();
  }

 private:
  std::string& json_;
};

/// Measures the answer. A type that is described by the same selections a second time is as large as it was the first
/// time, so the work does not grow with the answer as it repeats itself.
class Size {
 public:
  explicit Size(std::size_t limit) noexcept : limit_(limit) {}
  void raw(std::string_view text) noexcept { size_ += text.size(); }
  void string(std::string_view text) noexcept { size_ += text.size() + 2; }  // at least
  bool full() const noexcept { return size_ > limit_; }
  std::size_t value() const noexcept { return size_; }
  template <class Write>
  void once(const Plan& plan, const TypeDefinition& type, Write write) {
    if (plan.flat) return write();
    if (sizes_.size() <= plan.number) sizes_.resize(plan.number + 1);
    const std::size_t number = numbers_.try_emplace(&type, numbers_.size()).first->second;
    std::vector<std::size_t>& known = sizes_[plan.number];
    if (known.size() > number && known[number] != 0) {
      size_ += known[number];
      return;
    }
    const std::size_t before = size_;
    write();
    // Writing went deeper, and may have moved what was known.
    std::vector<std::size_t>& sizes = sizes_[plan.number];
    if (sizes.size() <= number) sizes.resize(numbers_.size());
    sizes[number] = size_ - before;
  }

 private:
  std::size_t limit_;
  std::size_t size_ = 0;
  std::unordered_map<const TypeDefinition*, std::size_t> numbers_;  ///< of types, as they come
  std::vector<std::vector<std::size_t>> sizes_;                     ///< by a plan's number and a type's; 0: not known
};

/// Follows a plan through the schema. What it is told to say goes to `Out`.
template <class Out>
class Writer {
 public:
  Writer(const Schema& schema, Out& out) noexcept : schema_(schema), out_(out) {}

  void schema(const Plan& plan) {
    object(plan, [&](const Plan& selected) {
      switch (selected.field) {
        case F::types:
          return list(schema_.types(), [&](const auto& each) { named(selected, each.get()); });
        case F::query_type:
          return named(selected, schema_.query());
        case F::mutation_type:
          return named(selected, schema_.mutation());
        case F::directives:
          return list(schema_.directives(), [&](const DirectiveDefinition& each) { directive(selected, each); });
        default:
          return out_.raw("null");
      }
    });
  }

  void named(const Plan& plan, const TypeDefinition* type) {
    if (type == nullptr) return out_.raw("null");
    out_.once(plan, *type, [&] { object(plan, [&](const Plan& selected) { of_named(selected, *type); }); });
  }

 private:
  void type(const Plan& plan, const TypeView& use) {
    if (use.wrappers.empty()) return named(plan, use.named);
    object(plan, [&](const Plan& selected) {
      if (selected.field == F::kind) return out_.string(kind_name(use));
      if (selected.field == F::of_type) return type(selected, use.non_null() ? use.nullable() : use.items());
      out_.raw("null");
    });
  }

  void of_named(const Plan& selected, const TypeDefinition& type) {
    switch (selected.field) {
      case F::kind:
        return out_.string(kind_name(TypeUse{&type, {}}));
      case F::name:
        return out_.string(type.name);
      case F::description:
        return text(type.description);
      case F::specified_by_url:
        return text(type.specified_by);
      case F::fields:
        if (type.kind != TypeKind::object && type.kind != TypeKind::interface) break;
        return current(selected, type.fields, [&](const FieldDefinition& each) { field(selected, each); });
      case F::interfaces:
        if (type.kind != TypeKind::object && type.kind != TypeKind::interface) break;
        return list(type.interfaces, [&](const TypeDefinition* each) { named(selected, each); });
      case F::possible_types:
        if (type.kind != TypeKind::interface && type.kind != TypeKind::union_) break;
        return list(type.possible_types, [&](const TypeDefinition* each) { named(selected, each); });
      case F::enum_values:
        if (type.kind != TypeKind::enumeration) break;
        return current(selected, type.members, [&](const EnumMember& each) { member(selected, each); });
      case F::input_fields:
        if (type.kind != TypeKind::input_object) break;
        return current(selected, type.inputs, [&](const InputField& each) { input(selected, each); });
      case F::is_one_of:
        if (type.kind != TypeKind::input_object) break;
        return boolean(type.one_of);
      default:
        break;
    }
    out_.raw("null");
  }

  void field(const Plan& plan, const FieldDefinition& field) {
    object(plan, [&](const Plan& selected) {
      if (selected.field == F::type) return type(selected, field.type);
      if (selected.field == F::args) {
        return current(selected, field.arguments, [&](const InputField& each) { input(selected, each); });
      }
      described(selected, field);
    });
  }

  void input(const Plan& plan, const InputField& input) {
    object(plan, [&](const Plan& selected) {
      if (selected.field == F::type) return type(selected, input.type);
      if (selected.field == F::default_value) return text(input.default_value ? print(*input.default_value) : "");
      described(selected, input);
    });
  }

  void member(const Plan& plan, const EnumMember& member) {
    object(plan, [&](const Plan& selected) { described(selected, member); });
  }

  void directive(const Plan& plan, const DirectiveDefinition& directive) {
    object(plan, [&](const Plan& selected) {
      switch (selected.field) {
        case F::name:
          return out_.string(directive.name);
        case F::description:
          return text(directive.description);
        case F::is_repeatable:
          return boolean(false);
        case F::locations:
          return list(directive.locations, [&](const std::string& each) { out_.string(each); });
        case F::args:
          return current(selected, directive.arguments, [&](const InputField& each) { input(selected, each); });
        default:
          return out_.raw("null");
      }
    });
  }

  /// What fields, input values and enumeration values have in common.
  template <class T>
  void described(const Plan& selected, const T& one) {
    switch (selected.field) {
      case F::name:
        return out_.string(one.name);
      case F::description:
        return text(one.description);
      case F::is_deprecated:
        return boolean(one.deprecated.has_value());
      case F::deprecation_reason:
        if (!one.deprecated) break;
        return out_.string(one.deprecated->reason);
      default:
        break;
    }
    out_.raw("null");
  }

  template <class Member>
  void object(const Plan& plan, Member member) {
    out_.raw("{");
    bool first = true;
    for (const Plan& selected : plan.selections) {
      if (out_.full()) return;
      if (!first) out_.raw(",");
      first = false;
      out_.raw(selected.key);
      if (selected.field == F::type_name) {
        out_.string(selected.own_type);
      } else {
        member(selected);
      }
    }
    out_.raw("}");
  }

  template <class Items, class Item>
  void list(const Items& items, Item item) {
    out_.raw("[");
    bool first = true;
    for (const auto& each : items) {
      if (out_.full()) return;
      if (!first) out_.raw(",");
      first = false;
      item(each);
    }
    out_.raw("]");
  }

  /// Those that are not deprecated, unless these are asked for too.
  template <class T, class Item>
  void current(const Plan& selected, const std::vector<T>& all, Item item) {
    out_.raw("[");
    bool first = true;
    for (const T& each : all) {
      if (out_.full()) return;
      if (each.deprecated && !selected.include_deprecated) continue;
      if (!first) out_.raw(",");
      first = false;
      item(each);
    }
    out_.raw("]");
  }

  void text(std::string_view text) {
    if (text.empty()) return out_.raw("null");
    out_.string(text);
  }
  void boolean(bool value) { out_.raw(value ? "true" : "false"); }

  const Schema& schema_;
  Out& out_;
};

/// The type that `__type` asks for; null when there is none.
const TypeDefinition* requested_type(const CollectedField& field, const Schema& schema) {
  for (const CollectedField::Argument& argument : field.arguments) {
    const auto* name = std::get_if<std::string>(&argument.value.value);
    if (argument.definition->name == "name" && name != nullptr) return schema.type(*name);
  }
  return nullptr;
}

template <class Out>
void write(const CollectedField& field, const Plan& plan, const Schema& schema, Out& out) {
  Writer<Out> writer(schema, out);
  if (field.definition->binding.meaning == Meaning::introspect_schema) {
    writer.schema(plan);
  } else {
    writer.named(plan, requested_type(field, schema));
  }
}

}  // namespace

std::optional<Problem> append_introspection(std::string& json, const CollectedField& field, Collector& collector,
                                            const Schema& schema, const IntrospectionLimits& limits) {
  Problem refusal;
  const std::optional<Plan> plan = plan_introspection(field, collector, limits, refusal);
  if (!plan) return refusal;
  Size size(limits.max_size - std::min(limits.max_size, json.size()));
  write(field, *plan, schema, size);
  if (size.full()) {
    return Problem{"Introspection makes an answer of more than " + std::to_string(limits.max_size) + " bytes",
                   {field.at},
                   "GRAPHQL_VALIDATION_FAILED",
                   {}};
  }
  json.reserve(json.size() + size.value() + size.value() / 16);
  Text text(json);
  write(field, *plan, schema, text);
  return std::nullopt;
}

}  // namespace ballast::graphql
