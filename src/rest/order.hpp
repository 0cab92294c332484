#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "rest/settings.hpp"
#include "rest/syntax.hpp"

namespace ballast::rest {

/// The `order` parameter.
///
///     order ::= term ( ',' term )*
///     term  ::= ( name '(' field ')' | field ) [ '.' ( 'asc' | 'desc' ) ] [ '.' ( 'nullsfirst' | 'nullslast' ) ]
Result<std::vector<Ordering>> parse_order(std::string_view text, const Settings& settings);

}  // namespace ballast::rest
