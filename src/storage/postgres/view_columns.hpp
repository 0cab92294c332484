#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace ballast::storage::postgres {

/// A view's column that shows a column of another relation as it is.
struct ViewColumn {
  int column = 0;  ///< attribute number in the view
  std::uint32_t origin = 0;
  int origin_column = 0;
};

/// The columns of a view's query that come from a relation unchanged, from `pg_rewrite.ev_action` as text (a node tree,
/// src/backend/nodes/outfuncs.c): the parser notes a column's origin in its TARGETENTRY, through joins and subqueries,
/// up to the next view. Anything that is no such text yields nothing.
std::vector<ViewColumn> view_columns(std::string_view node_tree);

}  // namespace ballast::storage::postgres
