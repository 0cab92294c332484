#include <array>
#include <string_view>

#include "graphql/schema_draft.hpp"

namespace ballast::graphql {
namespace {

struct Aggregate {
  Meaning meaning;
  std::string_view field;
  std::string_view suffix;
  std::string_view fields_are;  ///< description of the field
  std::string_view result_of;   ///< of the type
  std::string_view column_is;   ///< of the type's fields
};

constexpr std::array<Aggregate, 4> aggregates{{
    {Meaning::sum, "sum", "SumAggregateResult", "Summation aggregates for numeric fields", "summation", "Sum"},
    {Meaning::avg, "avg", "AvgAggregateResult", "Average aggregates for numeric fields", "average", "Average"},
    {Meaning::min, "min", "MinAggregateResult", "Minimum aggregates for comparable fields", "minimum", "Minimum"},
    {Meaning::max, "max", "MaxAggregateResult", "Maximum aggregates for comparable fields", "maximum", "Maximum"},
}};

bool numeric(std::string_view scalar) {
  return scalar == "Int" || scalar == "BigInt" || scalar == "Float" || scalar == "BigFloat";
}

/// Of what the aggregate of a column is; empty when it has none. Sums and averages are as large as PostgreSQL's.
std::string_view result_type(Meaning aggregate, const ReflectedColumn& column) {
  const std::string_view scalar = column.type.scalar;
  if (column.type.list || !selectable(column)) return {};
  const bool extreme = aggregate == Meaning::min || aggregate == Meaning::max;
  if (extreme && (scalar == "String" || scalar == "Date" || scalar == "Time" || scalar == "Datetime")) return scalar;
  if (!numeric(scalar)) return {};
  if (extreme || scalar == "Float") return scalar;
  return aggregate == Meaning::sum && scalar != "BigFloat" ? "BigInt" : "BigFloat";
}

std::vector<FieldDefinition> result_fields(const SchemaDraft& draft, const ReflectedRelation& relation,
                                           const Aggregate& aggregate) {
  std::vector<FieldDefinition> fields;
  for (const auto& column : relation.columns) {
    const std::string_view type = result_type(aggregate.meaning, column);
    if (type.empty()) continue;
    fields.push_back(
        {.name = column.name,
         .description = std::string(aggregate.column_is) + " of " + column.name + " across all matching records",
         .type = draft.named(type),
         .binding = {.meaning = Meaning::column, .relation = relation.relation, .column = column.column}});
  }
  return fields;
}

}  // namespace

void fill_aggregates(SchemaDraft& draft, const ReflectedRelation& relation) {
  if (!relation.directive.aggregate) return;
  TypeDefinition& type = draft.about(relation, "Aggregate");
  type.description = "Aggregate results for `" + relation.type_name + "`";
  type.fields.push_back({.name = "count",
                         .description = "The number of records matching the query",
                         .type = non_null(draft.named("Int")),
                         .binding = {.meaning = Meaning::count, .relation = relation.relation}});
  for (const Aggregate& aggregate : aggregates) {
    auto fields = result_fields(draft, relation, aggregate);
    if (fields.empty()) continue;
    TypeDefinition& result = draft.types.add(
        TypeKind::object, relation.type_name + std::string(aggregate.suffix),
        "Result of " + std::string(aggregate.result_of) + " aggregation for `" + relation.type_name + "`");
    result.fields = std::move(fields);
    type.fields.push_back({.name = std::string(aggregate.field),
                           .description = std::string(aggregate.fields_are),
                           .type = use(result),
                           .binding = {.meaning = aggregate.meaning, .relation = relation.relation}});
  }
}

}  // namespace ballast::graphql
