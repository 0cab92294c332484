#pragma once

#include <optional>

#include "catalog/snapshot.hpp"
#include "config/load.hpp"

namespace ballast::server {

/// Production only: refuses grants that would open tables to callers who show nothing, unless
/// `access.expose_anonymous` says in words that this is meant.
std::optional<config::Problem> exposure(const config::Loaded& loaded);

/// Production only: refuses a grant on a relation that does not exist when it is narrower than the role's `"*"`. A
/// misspelt `users = "none"` would leave the table open. (A grant for a table yet to come opens nothing.)
std::optional<config::Problem> unknown_grant(const config::Settings& settings, const catalog::Snapshot& snapshot);

/// A `[tables.TABLE]` of no table or view: a misspelt `require_if_match` would demand nothing.
std::optional<config::Problem> unknown_table(const config::Settings& settings, const catalog::Snapshot& snapshot);

}  // namespace ballast::server
