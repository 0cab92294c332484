#pragma once

#include "base/result.hpp"
#include "catalog/relation.hpp"
#include "query/predicate.hpp"
#include "rest/syntax.hpp"

/// Conditions from the URL × a relation's columns → predicates.
namespace ballast::rest {

/// 400 42703 when the relation has no such column.
Result<query::ColumnPath> resolve_column(const catalog::Relation& relation, const Field& field);

/// Checks that PostgreSQL would have the operator for the column's type: 404 42883, 400 42804; a quantified value
/// that is no array literal is 400 22P02.
Result<query::Predicate> resolve_condition(query::ColumnPath column, const Condition& condition);

/// `*` stands for `%` in the patterns of like and ilike, since `%` is awkward in URLs.
std::string pattern(std::string text);
inline bool takes_pattern(query::Op op) noexcept { return op == query::Op::like || op == query::Op::ilike; }

}  // namespace ballast::rest
