#pragma once

#include <string_view>

#include "base/result.hpp"
#include "rest/settings.hpp"
#include "rest/syntax.hpp"

namespace ballast::rest {

/// The value of an `and`, `or`, `not.and` or `not.or` parameter; blanks around members do not count.
///
///     tree   ::= '(' member ( ',' member )* ')'
///     member ::= [ 'not.' ] ( 'and' | 'or' ) tree | field '.' condition
///
/// `operation` is the parameter's name without embeds: "and", "or", "not.and", "not.or".
Result<Logic> parse_logic(std::string_view operation, std::string_view text, const Settings& settings);

}  // namespace ballast::rest
