#include "graphql/page.hpp"

#include <algorithm>
#include <charconv>

#include "graphql/filter.hpp"
#include "graphql/row_key.hpp"

namespace ballast::graphql {
namespace {

using query::Direction;
using query::Nulls;
using query::OrderTerm;
using query::Predicate;

/// So that one more row can be asked for, in the integers of any engine.
constexpr std::uint64_t longest_page = std::uint64_t{1} << 62;

Error bad_page(std::string message) { return make_error(400, "BAD_USER_INPUT", std::move(message)); }

const Input* given(const CollectedField& field, Meaning meaning) {
  const Input* value = field.argument(meaning);
  return value == nullptr || value->null() ? nullptr : value;
}

Result<std::uint64_t> count_of(const Input& value, std::string_view name) {
  const auto* number = std::get_if<Input::Number>(&value.value);
  std::uint64_t count = 0;
  if (number != nullptr) {
    const char* end = number->text.data() + number->text.size();
    if (const auto result = std::from_chars(number->text.data(), end, count);
        result.ec == std::errc() && result.ptr == end) {
      return count;
    }
  }
  return bad_page("`" + std::string(name) + "` must be an unsigned integer");
}

void add_terms(const Input& orders, const TypeDefinition& type, std::vector<OrderTerm>& terms) {
  if (const auto* list = std::get_if<Input::List>(&orders.value)) {
    for (const Input& item : *list) add_terms(item, type, terms);
    return;
  }
  const auto* members = std::get_if<Input::Object>(&orders.value);
  if (members == nullptr) return;
  for (const auto& [name, value] : *members) {
    const InputField* field = type.input(name);
    const auto* word = std::get_if<Input::Enum>(&value.value);
    if (field == nullptr || word == nullptr) continue;
    OrderTerm term;
    term.column = path_of(*field->binding.column);
    term.direction = word->name.starts_with("Desc") ? Direction::descending : Direction::ascending;
    term.nulls = word->name.ends_with("NullsFirst") ? Nulls::first : Nulls::last;
    terms.push_back(std::move(term));
  }
}

std::vector<OrderTerm> order_of(const CollectedField& field, const catalog::Relation& relation, const Schema& schema) {
  std::vector<OrderTerm> terms;
  if (const Input* orders = given(field, Meaning::order_by)) {
    for (const auto& argument : field.arguments) {
      if (&argument.value == orders) add_terms(*orders, *argument.definition->type.named, terms);
    }
  }
  for (const std::string& name : schema.collection(relation).key) {
    const bool there = std::ranges::any_of(terms, [&](const OrderTerm& term) { return term.column.column == name; });
    const catalog::Column* column = relation.column(name);
    if (there || column == nullptr) continue;
    OrderTerm term;
    term.column = path_of(*column);
    terms.push_back(std::move(term));
  }
  return terms;
}

void reverse(std::vector<OrderTerm>& terms) {
  for (OrderTerm& term : terms) {
    const bool descending = term.direction == Direction::descending;
    const Nulls nulls = term.nulls != Nulls::unset ? term.nulls : descending ? Nulls::first : Nulls::last;
    term.direction = descending ? Direction::ascending : Direction::descending;
    term.nulls = nulls == Nulls::first ? Nulls::last : Nulls::first;
  }
}

Predicate compare(const OrderTerm& term, query::Op op, const std::string& value) {
  return {query::Compare{term.column, op, query::Quantifier::one, {{value, -1}}}};
}
Predicate is(const OrderTerm& term, query::Is what) { return {query::IsTest{term.column, what}}; }

Predicate same(const OrderTerm& term, const std::optional<std::string>& value) {
  return value ? compare(term, query::Op::eq, *value) : is(term, query::Is::null);
}

/// The column's value comes behind `value` in the term's order.
Predicate behind(const OrderTerm& term, const std::optional<std::string>& value, bool nullable) {
  const bool descending = term.direction == Direction::descending;
  const Nulls nulls = term.nulls != Nulls::unset ? term.nulls : descending ? Nulls::first : Nulls::last;
  if (!value) return nulls == Nulls::last ? nothing() : is(term, query::Is::not_null);
  Predicate beyond = compare(term, descending ? query::Op::lt : query::Op::gt, *value);
  if (nulls == Nulls::first || !nullable) return beyond;
  query::Or either;
  either.any.push_back(std::move(beyond));
  either.any.push_back(is(term, query::Is::null));
  return {std::move(either)};
}

/// Rows strictly behind the one that `values` are of:
///
///     a > x OR (a = x AND (b > y OR (b = y AND c > z)))
Predicate rows_behind(const std::vector<OrderTerm>& terms, const RowKey& values, const catalog::Relation& relation) {
  Predicate rest = nothing();
  for (std::size_t i = terms.size(); i-- > 0;) {
    const catalog::Column* column = relation.column(terms[i].column.column);
    const bool nullable = column == nullptr || column->nullable;
    Predicate first = behind(terms[i], values[i], nullable);
    if (i + 1 == terms.size()) {
      rest = std::move(first);
      continue;
    }
    query::Or either;
    either.any.push_back(std::move(first));
    either.any.push_back(both(same(terms[i], values[i]), std::move(rest)));
    rest = {std::move(either)};
  }
  return rest;
}

Predicate row_itself(const std::vector<OrderTerm>& terms, const RowKey& values) {
  query::And all;
  for (std::size_t i = 0; i < terms.size(); ++i) all.all.push_back(same(terms[i], values[i]));
  return {std::move(all)};
}

}  // namespace

Result<Page> to_page(const CollectedField& field, const catalog::Relation& relation, const Schema& schema,
                     std::uint64_t max_rows) {
  const Input* first = given(field, Meaning::first);
  const Input* last = given(field, Meaning::last);
  const Input* before = given(field, Meaning::before);
  const Input* after = given(field, Meaning::after);
  const Input* offset = given(field, Meaning::offset);
  if (first != nullptr && last != nullptr) return bad_page("only one of \"first\" and \"last\" may be provided");
  if (before != nullptr && after != nullptr) return bad_page("only one of \"before\" and \"after\" may be provided");
  if (first != nullptr && before != nullptr) return bad_page("\"first\" may only be used with \"after\"");
  if (last != nullptr && after != nullptr) return bad_page("\"last\" may only be used with \"before\"");
  if (offset != nullptr && (last != nullptr || before != nullptr)) {
    return bad_page("\"offset\" may only be used with \"first\" and \"after\"");
  }
  Page page;
  const auto& declared = schema.collection(relation).max_rows;
  page.limit = std::min(declared.value_or(max_rows), longest_page);
  if (first != nullptr) {
    BALLAST_TRY(const std::uint64_t count, count_of(*first, "first"));
    page.limit = std::min(page.limit, count);
  }
  if (last != nullptr) {
    BALLAST_TRY(const std::uint64_t count, count_of(*last, "last"));
    page.limit = std::min(page.limit, count);
  }
  if (offset != nullptr) { BALLAST_TRY(page.offset, count_of(*offset, "offset")); }
  page.order = order_of(field, relation, schema);
  page.reversed = last != nullptr || before != nullptr;
  std::vector<OrderTerm> direction = page.order;
  if (page.reversed) reverse(direction);
  page.beyond = {query::And{}};
  if (const Input* cursor = before != nullptr ? before : after) {
    const auto* text = std::get_if<std::string>(&cursor->value);
    const auto values = text == nullptr ? std::nullopt : decode_row_key(*text);
    if (!values || values->empty() || values->size() > direction.size())
      return bad_page("Failed to decode cursor: it is none of this order");
    // A cursor may say less than the whole order: then it stands behind, or before, all rows that are like it.
    std::vector<OrderTerm> said(direction.begin(), direction.begin() + static_cast<std::ptrdiff_t>(values->size()));
    page.beyond = rows_behind(said, *values, relation);
    query::Or skipped;
    skipped.any.push_back(row_itself(said, *values));
    reverse(said);
    skipped.any.push_back(rows_behind(said, *values, relation));
    page.skipped = Predicate{std::move(skipped)};
  }
  if (page.offset > 0) page.skipped = Predicate{query::And{}};
  page.order = std::move(direction);
  return page;
}

}  // namespace ballast::graphql
