#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "graphql/collect.hpp"
#include "query/operation.hpp"

namespace ballast::graphql {

/// Which rows of a collection a field asks for (Relay's Cursor Connections, and pg_graphql's `offset`).
struct Page {
  std::vector<query::OrderTerm> order;  ///< the collection's, ending with its key
  std::uint64_t limit = 0;
  std::uint64_t offset = 0;
  bool reversed = false;    ///< read from the end: `last`, `before`
  query::Predicate beyond;  ///< strictly behind the cursor in the direction of reading; matches all without one
  /// The rows that reading started behind: the cursor's own and those before it. None: reading started at the end.
  std::optional<query::Predicate> skipped;
};

/// 400 in pg_graphql's words when the arguments contradict each other or a cursor is none of this order.
Result<Page> to_page(const CollectedField& field, const catalog::Relation& relation, const Schema& schema,
                     std::uint64_t max_rows);

}  // namespace ballast::graphql
