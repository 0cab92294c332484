#pragma once

#include <string>
#include <string_view>

#include "catalog/type.hpp"

namespace ballast::encode {

/// Appends PostgreSQL's own text of a value (DateStyle ISO) as the JSON that its to_json makes of the value: numbers
/// and JSON as they stand, `t` as true, `T` before the time of a moment, everything else a string. Nothing is checked
/// or converted, so this is what a thousand rows cost.
///
/// Composites and types with a cast to json of their own have a JSON that their text does not tell: they are to be
/// selected as to_json(column), and their text is then JSON. So are arrays of them; of others see below.
void append_canonical(std::string& out, std::string_view text, catalog::Kind kind);

/// The same of an array's text (manual, section 8.15.6) whose elements are of that kind:
///
///     array    bounds? list
///     bounds   ( '[' number ':' number ']' )+ '='
///     list     '{' [ item ( ',' item )* ] '}'
///     item     list | NULL | '"' ( '\\' any | any )* '"' | any but '{' '}' ',' '"'
void append_canonical_array(std::string& out, std::string_view text, catalog::Kind element);

}  // namespace ballast::encode
