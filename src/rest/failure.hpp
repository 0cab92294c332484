#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace ballast::rest {

/// 400 PGRST100 as PostgREST words it. `what` is the parameter's kind ("filter", "select parameter"), `text` what was
/// parsed, `at` the byte where it went wrong, `expecting` what could stand there. `prefix` was read before `text`
/// and counts for the column (a logic tree's operator).
///
///     message  "failed to parse filter (foo.1)" (line 1, column 1)
///     details  unexpected "f" expecting "not" or operator (eq, gt, ...)
Error parse_failure(std::string_view what, std::string_view text, std::size_t at, std::string_view expecting,
                    std::string_view prefix = {});

/// 400 PGRST100: a limit of the parsers was passed.
Error too_much(std::string_view what, std::size_t limit, std::string_view setting);

}  // namespace ballast::rest
