#pragma once

#include <string_view>

#include "base/result.hpp"
#include "rest/settings.hpp"
#include "rest/syntax.hpp"
#include "text/cursor.hpp"

namespace ballast::rest {

/// What stands behind a column: an operator and its value.
///
///     condition  ::= [ 'not.' ] operation
///     operation  ::= 'in.(' [ element ( ',' element )* ] ')'
///                  | 'is.' ( 'null' | 'not_null' | 'true' | 'false' | 'unknown' )               in any case
///                  | ( 'fts' | 'plfts' | 'phfts' | 'wfts' ) [ '(' language ')' ] '.' value
///                  | ( 'eq' | 'gt' | 'gte' | 'lt' | 'lte' | 'like' | 'ilike' | 'match' | 'imatch' )
///                    [ '(any)' | '(all)' ] '.' value
///                  | ( 'neq' | 'isdistinct' | 'cs' | 'cd' | 'ov' | 'sl' | 'sr' | 'nxr' | 'nxl' | 'adj' ) '.' value
///     element    ::= quoted, directly before ',' or ')' | [^,)]*
///
/// `parse_condition` is for a parameter of its own: the value is all that is left. `condition_in_tree` is for a place
/// inside `and(…)`, where the value ends at ',' or ')':
///
///     value      ::= quoted, directly before ',' or ')' | '{' balanced '}' | [^,)]*
Result<Condition> parse_condition(std::string_view text, const Settings& settings);

/// What a mistake needs to be reported: where a tree's text starts and what was read before it.
struct TreeText {
  std::string_view text;
  std::string_view prefix;
};
Result<Condition> condition_in_tree(text::Cursor& at, const TreeText& tree, const Settings& settings);

/// Does the value of a parameter begin like a condition: `not.`, `op.`, `op(any).`, `fts(`?
bool begins_with_operator(std::string_view text) noexcept;

/// The length of `[not.]op.` at the start of a raw parameter value, when its value is one that only gets bound (eq,
/// neq, gt, gte, lt, lte, like, ilike; no quantifier); else 0. Such values do not belong to a request's shape.
std::size_t bindable_prefix(std::string_view raw) noexcept;

/// The elements of a one-dimensional PostgreSQL array literal: `{a,"b,c",\"}`. Nothing when it is none.
///
///     array   ::= '{' [ element ( ',' element )* ] '}'
///     element ::= '"' ( [^"\\] | '\\' any )* '"' | [^,}]*         blanks around do not count
std::optional<std::vector<std::string>> parse_array_literal(std::string_view text);

}  // namespace ballast::rest
