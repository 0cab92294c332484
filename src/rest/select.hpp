#pragma once

#include <string_view>

#include "base/result.hpp"
#include "rest/settings.hpp"
#include "rest/syntax.hpp"

namespace ballast::rest {

/// The `select` parameter. Blanks around items do not count.
///
///     select ::= '' | item ( ',' item )*                        '' is '*'
///     item   ::= '*' | embed | column
///     embed  ::= ( '...' | [ name ':' ] ) name ( '!' ( 'inner' | 'left' | hint ) )* '(' [ item ( ',' item )* ] ')'
///     column ::= [ name ':' ] ( 'count()' | name path [ '::' type ] [ '.' aggregate '()' ] ) [ '::' type ]
///     aggregate ::= 'sum' | 'avg' | 'min' | 'max' | 'count'
Result<Select> parse_select(std::string_view text, const Settings& settings);

}  // namespace ballast::rest
