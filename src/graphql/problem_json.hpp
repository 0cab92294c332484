#pragma once

#include <string>

#include "graphql/problem.hpp"
#include "graphql/service_settings.hpp"

namespace ballast::graphql {

/// Appends the list that an answer has under `errors` (specification section 7.1.2).
void append_problems(std::string& json, const Problems& problems, Settings::Errors errors);

/// An answer to what was not executed: `{"errors":[…]}`.
std::string problems_body(const Problems& problems, Settings::Errors errors);

}  // namespace ballast::graphql
