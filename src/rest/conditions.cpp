#include "rest/conditions.hpp"

#include <algorithm>

#include "rest/condition.hpp"
#include "rest/errors.hpp"

namespace ballast::rest {
namespace {

using catalog::Kind;
using query::Op;

constexpr std::string_view add_casts =
    "No operator matches the given name and argument types. You might need to add explicit type casts.";

/// PostgreSQL's spelling, for its error messages; empty for operators that every type has.
std::string_view spelled(Op op, bool negated) {
  switch (op) {
    case Op::eq:
    case Op::neq:
    case Op::lt:
    case Op::lte:
    case Op::gt:
    case Op::gte:
    case Op::is_distinct:
      return {};
    case Op::like:
      return negated ? "!~~" : "~~";
    case Op::ilike:
      return negated ? "!~~*" : "~~*";
    case Op::match:
      return "~";
    case Op::imatch:
      return "~*";
    case Op::contains:
      return "@>";
    case Op::contained:
      return "<@";
    case Op::overlaps:
      return "&&";
    case Op::strictly_left:
      return "<<";
    case Op::strictly_right:
      return ">>";
    case Op::not_right:
      return "&<";
    case Op::not_left:
      return "&>";
    case Op::adjacent:
      return "-|-";
  }
  return {};
}

bool has_operator(const catalog::Type& type, Op op) {
  const Kind kind = type.kind;
  if (kind == Kind::other || !type.spelling.empty()) return true;  // the engine knows
  switch (op) {
    case Op::eq:
    case Op::neq:
    case Op::lt:
    case Op::lte:
    case Op::gt:
    case Op::gte:
    case Op::is_distinct:
      return true;
    case Op::like:
    case Op::ilike:
    case Op::match:
    case Op::imatch:
      return kind == Kind::text;
    case Op::contains:
    case Op::contained:
      return kind == Kind::json || kind == Kind::array || kind == Kind::range;
    case Op::overlaps:
      return kind == Kind::array || kind == Kind::range;
    case Op::strictly_left:
    case Op::strictly_right:
    case Op::not_right:
    case Op::not_left:
    case Op::adjacent:
      return kind == Kind::range;
  }
  return false;
}

Error no_operator(const catalog::Type& type, Op op) {
  return make_error(404, "42883",
                    "operator does not exist: " + type.name + " " + std::string(spelled(op, false)) + " unknown")
      .with_hint(std::string(add_casts));
}

/// Arrays, ranges and composites are read as the JSON they become.
bool has_path(Kind kind) {
  return kind == Kind::json || kind == Kind::array || kind == Kind::composite || kind == Kind::range ||
         kind == Kind::other;
}

class Resolve {
 public:
  explicit Resolve(query::ColumnPath& column) : column_(column) {}

  Result<query::Predicate> operator()(const Comparison& comparison) {
    const auto type = column_.result_type();
    if (!has_operator(type, comparison.op)) return no_operator(type, comparison.op);
    query::Compare compare{std::move(column_), comparison.op, comparison.quantifier, {}};
    const bool patterned = takes_pattern(comparison.op);
    if (comparison.quantifier == query::Quantifier::one) {
      compare.values.push_back({patterned ? pattern(comparison.value) : comparison.value, comparison.slot});
      return query::Predicate{std::move(compare)};
    }
    auto values = parse_array_literal(comparison.value);
    if (!values) {
      return make_error(400, "22P02", "malformed array literal: \"" + comparison.value + "\"")
          .with_details("Array value must start with \"{\" or dimension information.")
          .with_hint("write a list of values as {a,b,c}");
    }
    for (auto& value : *values)
      compare.values.push_back({patterned ? pattern(std::move(value)) : std::move(value), -1});
    return query::Predicate{std::move(compare)};
  }

  Result<query::Predicate> operator()(const InList& list) {
    query::In in{std::move(column_), {}};
    in.values.reserve(list.values.size());
    for (const auto& value : list.values) in.values.push_back({value, -1});
    return query::Predicate{std::move(in)};
  }

  Result<query::Predicate> operator()(query::Is what) {
    const auto type = column_.result_type();
    const bool logical = what == query::Is::true_ || what == query::Is::false_ || what == query::Is::unknown;
    if (logical && type.kind != Kind::boolean && type.kind != Kind::other) {
      const std::string_view name = what == query::Is::true_ ? "TRUE" : what == query::Is::false_ ? "FALSE" : "UNKNOWN";
      return make_error(400, "42804",
                        "argument of IS " + std::string(name) + " must be type boolean, not type " + type.name);
    }
    return query::Predicate{query::IsTest{std::move(column_), what}};
  }

  Result<query::Predicate> operator()(const FullTextMatch& match) {
    const auto type = column_.result_type();
    if (type.kind != Kind::text && type.kind != Kind::json && type.kind != Kind::tsvector && type.kind != Kind::other) {
      return make_error(404, "42883", "function to_tsvector(" + type.name + ") does not exist")
          .with_hint("full text search needs a text, json or tsvector column");
    }
    return query::Predicate{query::FullText{std::move(column_), match.mode, match.language, {match.query, -1}}};
  }

 private:
  query::ColumnPath& column_;
};

}  // namespace

Result<query::ColumnPath> resolve_column(const catalog::Relation& relation, const Field& field) {
  query::ColumnPath found{field.name, {}, field.path, std::nullopt, {}};
  if (const auto* column = relation.column(field.name)) {
    found.type = column->type;
  } else if (const auto* computed = relation.computed_column(field.name)) {
    found.type = computed->type;
    found.function_schema = computed->schema;
  } else if (field.name == query::version_name && field.path.empty()) {
    return query::row_version();
  } else {
    return unknown_column(relation, field.name);
  }
  if (!field.path.empty() && !has_path(found.type.kind)) {
    const bool by_index = std::holds_alternative<std::int64_t>(field.path.front().key);
    return make_error(404, "42883",
                      "operator does not exist: " + found.type.name + (field.path.front().as_text ? " ->> " : " -> ") +
                          (by_index ? "integer" : "unknown"))
        .with_hint(std::string(add_casts));
  }
  return found;
}

Result<query::Predicate> resolve_condition(query::ColumnPath column, const Condition& condition) {
  BALLAST_TRY(query::Predicate predicate, std::visit(Resolve(column), condition.operation));
  if (!condition.negated) return predicate;
  return query::Predicate{query::Not{Box<query::Predicate>(std::move(predicate))}};
}

std::string pattern(std::string text) {
  std::replace(text.begin(), text.end(), '*', '%');
  return text;
}

}  // namespace ballast::rest
