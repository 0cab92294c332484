#pragma once

#include <vector>

#include "config/load.hpp"

namespace ballast::config {

/// What no single value can get wrong: settings that contradict each other, addresses that are none, paths that
/// cannot be routed.
std::vector<Problem> validate(const Loaded& loaded);

}  // namespace ballast::config
