#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ballast::rest {

/// The `columns` and `on_conflict` parameters; `what` names the one in question. Repeated names count once.
///
///     names ::= name ( ',' name )*
Result<std::vector<std::string>> parse_name_list(std::string_view what, std::string_view text);

}  // namespace ballast::rest
