#include "graphql/filter.hpp"

#include <array>
#include <optional>
#include <utility>

#include "graphql/input_json.hpp"
#include "graphql/row_key.hpp"

namespace ballast::graphql {
namespace {

using query::Op;
using query::Predicate;

constexpr std::array<std::pair<std::string_view, Op>, 13> operators{{{"eq", Op::eq},
                                                                     {"neq", Op::neq},
                                                                     {"lt", Op::lt},
                                                                     {"lte", Op::lte},
                                                                     {"gt", Op::gt},
                                                                     {"gte", Op::gte},
                                                                     {"like", Op::like},
                                                                     {"ilike", Op::ilike},
                                                                     {"regex", Op::match},
                                                                     {"iregex", Op::imatch},
                                                                     {"contains", Op::contains},
                                                                     {"containedBy", Op::contained},
                                                                     {"overlaps", Op::overlaps}}};

Predicate compare(const catalog::Column& column, Op op, std::string text, int slot = -1) {
  return {query::Compare{path_of(column), op, query::Quantifier::one, {{std::move(text), slot}}}};
}

/// LIKE's pattern for texts that start like this.
std::string prefix_pattern(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

Predicate any_of(const catalog::Column& column, const Input& values, const TypeDefinition& type) {
  query::In in{path_of(column), {}};
  if (const auto* list = std::get_if<Input::List>(&values.value)) {
    for (const Input& value : *list) {
      if (!value.null()) in.values.push_back({database_text(value, type), -1});
    }
  }
  return {std::move(in)};
}

Predicate one_operation(const catalog::Column& column, const InputField& operation, const Input& value, Slots& slots) {
  const TypeDefinition& type = *operation.type.named;
  if (value.null()) return nothing();
  if (operation.name == "is") {
    const auto* word = std::get_if<Input::Enum>(&value.value);
    const bool not_null = word != nullptr && word->name == "NOT_NULL";
    return {query::IsTest{path_of(column), not_null ? query::Is::not_null : query::Is::null}};
  }
  if (operation.name == "in") return any_of(column, value, type);
  std::string text = database_text(value, type);
  if (operation.name == "startsWith") return compare(column, Op::like, prefix_pattern(text));
  for (const auto& [name, op] : operators) {
    if (name == operation.name) return compare(column, op, std::move(text), slots.place(value));
  }
  return nothing();
}

Predicate operations(const InputField& field, const Input& value, const Schema& schema, Slots& slots) {
  query::And all;
  const auto* given = std::get_if<Input::Object>(&value.value);
  if (given == nullptr) return {all};
  for (const auto& [name, operand] : *given) {
    const InputField* operation = field.type.named->input(name);
    if (operation == nullptr) continue;
    if (field.binding.meaning == Meaning::node_id) {
      const auto* text = std::get_if<std::string>(&operand.value);
      all.all.push_back(text == nullptr ? nothing() : node_predicate(*text, *field.binding.relation, schema));
    } else {
      all.all.push_back(one_operation(*field.binding.column, *operation, operand, slots));
    }
  }
  if (all.all.size() == 1) return std::move(all.all.front());
  return {std::move(all)};
}

bool always(const Predicate& predicate) {
  const auto* all = std::get_if<query::And>(&predicate.node);
  return all != nullptr && all->all.empty();
}

std::vector<Predicate> each(const Input& filters, const TypeDefinition& type, const Schema& schema, Slots& slots) {
  std::vector<Predicate> made;
  const auto add = [&](const Input& filter) {
    Predicate predicate = to_predicate(filter, type, schema, slots);
    if (!always(predicate)) made.push_back(std::move(predicate));
  };
  if (const auto* list = std::get_if<Input::List>(&filters.value)) {
    for (const Input& filter : *list) add(filter);
  } else {
    add(filters);
  }
  return made;
}

}  // namespace

query::ColumnPath path_of(const catalog::Column& column) {
  query::ColumnPath path;
  path.column = column.name;
  path.type = column.type;
  return path;
}

query::Predicate nothing() { return {query::Or{}}; }

query::Predicate both(query::Predicate left, query::Predicate right) {
  if (always(left)) return right;
  if (always(right)) return left;
  query::And all;
  all.all.push_back(std::move(left));
  all.all.push_back(std::move(right));
  return {std::move(all)};
}

query::Predicate node_predicate(std::string_view node_id, const catalog::Relation& relation, const Schema& schema) {
  const auto values = decode_row_key(node_id);
  const auto& key = schema.collection(relation).key;
  if (!values || values->size() != key.size() + 2 || (*values)[0] != relation.schema || (*values)[1] != relation.name) {
    return nothing();
  }
  query::And all;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const catalog::Column* column = relation.column(key[i]);
    if (column == nullptr || !(*values)[i + 2]) return nothing();
    all.all.push_back(compare(*column, Op::eq, *(*values)[i + 2]));
  }
  return {std::move(all)};
}

query::Predicate to_predicate(const Input& filter, const TypeDefinition& type, const Schema& schema, Slots& slots) {
  query::And all;
  const auto* members = std::get_if<Input::Object>(&filter.value);
  if (members == nullptr) return {all};
  for (const auto& [name, value] : *members) {
    const InputField* field = type.input(name);
    if (field == nullptr || value.null()) continue;
    switch (field->binding.meaning) {
      case Meaning::and_:
        for (auto& predicate : each(value, type, schema, slots)) all.all.push_back(std::move(predicate));
        break;
      case Meaning::or_: {
        auto any = each(value, type, schema, slots);
        if (any.size() == 1) {
          all.all.push_back(std::move(any.front()));
        } else if (!any.empty()) {
          all.all.push_back({query::Or{std::move(any)}});
        }
        break;
      }
      case Meaning::not_: {
        Predicate inner = to_predicate(value, type, schema, slots);
        if (!always(inner)) all.all.push_back({query::Not{std::move(inner)}});
        break;
      }
      default: {
        Predicate predicate = operations(*field, value, schema, slots);
        if (!always(predicate)) all.all.push_back(std::move(predicate));
      }
    }
  }
  if (all.all.size() == 1) return std::move(all.all.front());
  return {std::move(all)};
}

std::string database_text(const Input& value, const TypeDefinition& type) {
  if (const auto* text = std::get_if<std::string>(&value.value)) {
    const EnumMember* member = type.kind == TypeKind::enumeration ? type.member(*text) : nullptr;
    return member != nullptr ? member->value : *text;
  }
  if (const auto* word = std::get_if<Input::Enum>(&value.value)) {
    const EnumMember* member = type.member(word->name);
    return member != nullptr ? member->value : word->name;
  }
  if (const auto* number = std::get_if<Input::Number>(&value.value)) return number->text;
  if (const auto* flag = std::get_if<bool>(&value.value)) return *flag ? "true" : "false";
  if (const auto* list = std::get_if<Input::List>(&value.value); list != nullptr && type.name != "JSON") {
    std::string literal = "{";
    for (const Input& item : *list) {
      if (literal.size() > 1) literal += ',';
      if (item.null()) {
        literal += "NULL";
        continue;
      }
      literal += '"';
      for (const char c : database_text(item, type)) {
        if (c == '"' || c == '\\') literal += '\\';
        literal += c;
      }
      literal += '"';
    }
    return literal + '}';
  }
  std::string json;
  append_json(json, value);
  return json;
}

}  // namespace ballast::graphql
