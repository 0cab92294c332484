#pragma once

#include <string>

#include "query/operation.hpp"

namespace ballast::query {

/// A stable, indented text of an operation, for golden tests and `ballast explain`. Never parsed back.
std::string print(const Operation& operation);

}  // namespace ballast::query
