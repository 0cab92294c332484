#pragma once

#include <cstdint>

#include "catalog/snapshot.hpp"
#include "query/operation.hpp"

namespace ballast::graphql {

/// How many rows an operation's field may touch, by the catalog's estimates, before it is run:
///
///     cost(read)   = rows × (1 + sum of the costs of the reads below it)
///     rows         = the page's limit, or what the relation is estimated to hold if that is less; at least 1
///     of totals    = what the relation is estimated to hold: a count reads every row
///
/// An estimate that the database does not have counts as a full page.
std::uint64_t cost_of(const query::Tree& tree, const catalog::Snapshot& snapshot);

}  // namespace ballast::graphql
