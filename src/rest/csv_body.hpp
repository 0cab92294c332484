#pragma once

#include <string_view>

#include "base/result.hpp"
#include "rest/payload.hpp"

namespace ballast::rest {

/// A `text/csv` body (RFC 4180): the first line names the columns.
///
///     file   ::= record ( newline record )* [ newline ]
///     record ::= field ( ',' field )*
///     field  ::= '"' ( [^"] | '""' )* '"' | [^,"\n\r]*
Result<Payload> parse_csv_body(std::string_view text);

}  // namespace ballast::rest
