#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "encode/shape.hpp"

namespace ballast::encode {

/// An `Object` as compact, exact text: how compiled SQL tells the engine's JSON functions (SQLite's ballast_array and
/// ballast_object) what to make of their arguments, whose positions are the object's cells.
///
///     object ::= ( '{' | '[' ) member* '}'                       '[' when bare
///     member ::= 'f' string column ',' kind ',' scale ';'        Field; `kind` is the enum's number
///              | 'v' string column ',' string ';'                Verbatim, with if_null
///              | 'n' string present ',' object ';'               Nested
///     string ::= length ':' bytes
std::string object_descriptor(const Object& object);

/// Inverse of `object_descriptor`. Refuses anything else, and nesting beyond 100 levels.
Result<Object> parse_object_descriptor(std::string_view text);

}  // namespace ballast::encode
