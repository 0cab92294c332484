#pragma once

#include <cstdint>

#include "catalog/snapshot.hpp"
#include "query/operation.hpp"

namespace ballast::graphql {

/// How many rows an operation's field may touch, by the catalog's estimates, before it is run:
///
///     cost(read, parents) = rows + sum of cost(child, rows)
///     rows of the root    = the page's limit, or what the relation is estimated to hold if that is less
///     rows of a child     = parents, to one; to many, parents × its rows as a root; along a foreign key no more than
///                           the relation is estimated to hold, as a row has one parent
///     of totals           = the same without a page: a count reads every row
///
/// At least 1 each. A table that was never analysed counts as 1,000 rows; a view, which no estimate exists of, as full
/// pages.
std::uint64_t cost_of(const query::Tree& tree, const catalog::Snapshot& snapshot);

}  // namespace ballast::graphql
