#pragma once

#include <optional>

#include "config/load.hpp"

namespace ballast::server {

/// Production only: refuses grants that would open tables to callers who show nothing, unless
/// `access.expose_anonymous` says in words that this is meant.
std::optional<config::Problem> exposure(const config::Loaded& loaded);

}  // namespace ballast::server
