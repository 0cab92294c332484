#pragma once

#include "rest/passed.hpp"
#include "rest/to_query.hpp"

namespace ballast::rest {

/// What is passed to `function` (as `find_function` chose it) and how its result is to be read. `page` is the result's.
Result<query::Call> to_call(const Resolution& with, const catalog::Function& function, Passed passed,
                            const Parameters& parameters, const Page& page, query::Count count);

}  // namespace ballast::rest
