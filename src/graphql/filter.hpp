#pragma once

#include "base/result.hpp"
#include "graphql/input.hpp"
#include "graphql/schema.hpp"
#include "graphql/slots.hpp"
#include "query/predicate.hpp"

namespace ballast::graphql {

/// A `filter` argument's condition; `type` is its input type. What is empty or null filters nothing; a comparison with
/// null matches nothing.
query::Predicate to_predicate(const Input& filter, const TypeDefinition& type, const Schema& schema, Slots& slots);

/// That a row is the one a nodeId names: its relation's, and the values of its key. Matches nothing when the text names
/// no row of the relation.
query::Predicate node_predicate(std::string_view node_id, const catalog::Relation& relation, const Schema& schema);

/// A column as conditions and orders name it.
query::ColumnPath path_of(const catalog::Column& column);

/// The database's text of a scalar or enumeration value; `type` is its GraphQL type. Lists are array literals.
std::string database_text(const Input& value, const TypeDefinition& type);

/// `left AND right`, without needless nesting.
query::Predicate both(query::Predicate left, query::Predicate right);

/// Matches no row.
query::Predicate nothing();

}  // namespace ballast::graphql
