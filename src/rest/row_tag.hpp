#pragma once

#include <string>
#include <string_view>

#include "base/spool.hpp"
#include "http/response.hpp"
#include "query/operation.hpp"
#include "rest/format.hpp"

/// The entity tag of an answer that is one row.
namespace ballast::rest {

/// The row's version does not tell everything that the answer shows: related rows, computed columns, or a spelling that
/// the client chose by a header.
bool needs_digest(const query::Read& read, const Format& format, bool own_timezone);

/// What stands between the tag's quotes: `version`, or `version.digest` of the answer's bytes.
std::string row_tag(std::string_view version, bool with_digest, const Spool& body);

std::string quoted_tag(std::string_view tag);

}  // namespace ballast::rest
