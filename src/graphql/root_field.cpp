#include "graphql/root_field.hpp"

#include <algorithm>

#include "graphql/compatible_messages.hpp"
#include "graphql/filter.hpp"
#include "graphql/insert_tree.hpp"
#include "graphql/row_key.hpp"
#include "json/writer.hpp"

namespace ballast::graphql {
namespace {

RootValue constant(std::string json) { return {std::move(json), std::nullopt}; }

Result<RootValue> by_key(const CollectedField& field, Reader& reader) {
  query::And all;
  for (const auto& argument : field.arguments) {
    const Binding& binding = argument.definition->binding;
    if (binding.meaning != Meaning::key_column) continue;
    query::Value value{database_text(argument.value, *argument.definition->type.named),
                       reader.slots().place(argument.value)};
    all.all.push_back(
        {query::Compare{path_of(*binding.column), query::Op::eq, query::Quantifier::one, {std::move(value)}}});
  }
  BALLAST_TRY(Reading reading, reader.row(field, *field.definition->binding.relation, {std::move(all)}));
  return RootValue{std::nullopt, std::move(reading)};
}

/// The relation that a nodeId names is only known from its text.
Result<RootValue> node(const CollectedField& field, Reader& reader, const Schema& schema, Checked checked) {
  const Input* id = field.argument(Meaning::node_id);
  const auto* text = id == nullptr ? nullptr : std::get_if<std::string>(&id->value);
  const auto key = text == nullptr ? std::nullopt : decode_row_key(*text);
  if (!key || key->size() < 3 || !(*key)[0] || !(*key)[1]) {
    return make_error(400, "BAD_USER_INPUT",
                      checked == Checked::compatibly && text != nullptr
                          ? compatible_messages::invalid_node_id(node_id_fault(*text))
                          : "Invalid value passed to nodeId argument: it is no record's ID");
  }
  const catalog::Relation* relation = schema.snapshot().relation(*(*key)[0], *(*key)[1]);
  if (relation == nullptr || schema.object_of(*relation) == nullptr) return constant("null");
  BALLAST_TRY(Reading reading, reader.row(field, *relation, node_predicate(*text, *relation, schema)));
  return RootValue{std::nullopt, std::move(reading)};
}

/// A row that a function returns is there when not all of it is NULL.
query::Predicate found(const catalog::Relation& relation, const Schema& schema) {
  const auto& key = schema.collection(relation).key;
  query::Or any;
  for (const catalog::Column& column : relation.columns) {
    if (!key.empty() && column.name != key.front()) continue;
    any.any.push_back({query::IsTest{path_of(column), query::Is::not_null}});
  }
  return {std::move(any)};
}

Result<query::Call> call_of(const CollectedField& field) {
  const catalog::Function& function = *field.definition->binding.function;
  query::Call call;
  call.function = &function;
  call.read_only = function.volatility != catalog::Volatility::volatile_;
  call.payload = "{";
  for (const auto& argument : field.arguments) {
    const Binding& binding = argument.definition->binding;
    if (binding.meaning != Meaning::function_argument) continue;
    const auto& declared = function.arguments[static_cast<std::size_t>(binding.position)];
    BALLAST_TRY(const std::string json, column_json(argument.value, *argument.definition));
    if (call.payload->size() > 1) *call.payload += ',';
    json::append_string(*call.payload, declared.name);
    *call.payload += ':';
    *call.payload += json;
    call.arguments.push_back({declared.name, declared.type, false, {}});
  }
  *call.payload += '}';
  call.result.schema = function.returns_schema.empty() ? function.schema : function.returns_schema;
  call.result.relation = function.returns_relation.empty() ? function.name : function.returns_relation;
  return call;
}

Result<RootValue> function(const CollectedField& field, Reader& reader, const Schema& schema) {
  const Binding& binding = field.definition->binding;
  BALLAST_TRY(query::Call call, call_of(field));
  Reading reading;
  if (binding.relation == nullptr) {
    query::Read read;
    read.schema = call.result.schema;
    read.relation = call.result.relation;
    query::ColumnPath value;
    value.column = std::string(query::scalar_column);
    value.type = binding.function->returns;
    const std::string alias = column_alias(read, std::move(value));
    reading.tree.reads.push_back(std::move(read));
    reading.value.rows.resize(1);
    reading.value.rows.front().faces.push_back(Reader::scalar(field, alias));
    reading.value.parts.push_back({.kind = ListPart::Kind::first, .text = "null"});
  } else if (binding.function->returns_set) {
    BALLAST_TRY(reading, reader.collection(field, *binding.relation));
  } else {
    BALLAST_TRY(reading, reader.row(field, *binding.relation, found(*binding.relation, schema)));
  }
  if (reading.tree.reads.empty()) return constant("{}");
  reading.tree.call = std::move(call);
  return RootValue{std::nullopt, std::move(reading)};
}

}  // namespace

Result<RootValue> to_root_value(const CollectedField& field, const TypeDefinition& root, Reader& reader,
                                Collector& collector, const Schema& schema, const IntrospectionLimits& limits) {
  switch (field.definition->binding.meaning) {
    case Meaning::type_name: {
      std::string json;
      json::append_string(json, root.name);
      return constant(std::move(json));
    }
    case Meaning::introspect_schema:
    case Meaning::introspect_type: {
      std::string json;
      if (auto problem = append_introspection(json, field, collector, schema, limits)) {
        return make_error(400, problem->code, problem->message);
      }
      return constant(std::move(json));
    }
    case Meaning::collection: {
      BALLAST_TRY(Reading reading, reader.collection(field, *field.definition->binding.relation));
      if (reading.tree.reads.empty()) {
        // Nothing of the database was asked for: the parts are text alone.
        std::string json;
        for (const ListPart& part : reading.value.parts) json += part.text;
        return constant(std::move(json));
      }
      return RootValue{std::nullopt, std::move(reading)};
    }
    case Meaning::by_key:
      return by_key(field, reader);
    case Meaning::node:
      return node(field, reader, schema, collector.checked());
    case Meaning::function_call:
      return function(field, reader, schema);
    default:
      return constant("null");
  }
}

}  // namespace ballast::graphql
