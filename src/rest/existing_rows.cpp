#include "rest/existing_rows.hpp"

namespace ballast::rest {
namespace {

/// Composite keys compared one by one: beyond this many the count costs more than the status says.
constexpr std::size_t most_composite = 100;

query::ColumnPath path_of(const catalog::Relation& relation, const std::string& name) {
  return {name, relation.column(name)->type, {}, std::nullopt};
}

/// A Read of the rows with the payload's keys, without outputs.
std::optional<query::Read> rows_of(const catalog::Relation& relation, const std::vector<std::string>& key,
                                   const Payload& payload, int depth_limit) {
  query::In single;
  query::Or composite;
  for (auto& row : payload_rows(payload, key, depth_limit)) {
    query::And same;
    bool whole = true;
    for (std::size_t i = 0; i < key.size() && whole; ++i) {
      whole = row.values[i].has_value();
      if (!whole) break;
      if (key.size() == 1)
        single.values.push_back({std::move(*row.values[i]), -1});
      else
        same.all.push_back({query::Compare{
            path_of(relation, key[i]), query::Op::eq, query::Quantifier::one, {{std::move(*row.values[i]), -1}}}});
    }
    if (whole && key.size() > 1) composite.any.push_back({std::move(same)});
  }
  query::Read read;
  read.schema = relation.schema;
  read.relation = relation.name;
  if (key.size() == 1) {
    if (single.values.empty()) return std::nullopt;
    single.column = path_of(relation, key.front());
    read.where.node = std::move(single);
  } else {
    if (composite.any.empty() || composite.any.size() > most_composite) return std::nullopt;
    read.where.node = std::move(composite);
  }
  return read;
}

}  // namespace

std::optional<query::Read> count_existing(const catalog::Relation& relation, const std::vector<std::string>& key,
                                          const Payload& payload, int depth_limit) {
  auto read = rows_of(relation, key, payload, depth_limit);
  if (!read) return std::nullopt;
  read->outputs.emplace_back(query::AggregateOutput{"count", query::Aggregate::count, std::nullopt, std::nullopt});
  return read;
}

std::optional<query::Read> named_rows(const catalog::Relation& relation, const std::vector<std::string>& key,
                                      const Payload& payload, int depth_limit) {
  auto read = rows_of(relation, key, payload, depth_limit);
  if (!read) return std::nullopt;
  read->versioned = true;
  for (const auto& column : relation.columns) {
    read->outputs.emplace_back(query::ColumnOutput{column.name, path_of(relation, column.name)});
  }
  return read;
}

}  // namespace ballast::rest
