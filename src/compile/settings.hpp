#pragma once

#include <cstddef>

namespace ballast::compile {

/// Bounds that come from the engines rather than from taste.
struct Settings {
  /// SQLite's functions take at most 127 arguments (SQLITE_MAX_FUNCTION_ARG); one is the descriptor, the rest is
  /// slack for what a later version adds.
  int embed_cell_limit = 120;
  /// SQLite joins at most 64 tables; each level of embedding also costs stack while compiling.
  int embed_depth_limit = 20;
  /// Lists of rows that one statement answers with, and their cells: PostgreSQL's rows have at most 1,664 columns,
  /// SQLite's compound queries 500 arms. What is beyond becomes JSON in the database.
  std::size_t tree_level_limit = 64;
  int tree_cell_limit = 800;
  /// A relation of at most so many rows is read whole rather than page by page, when there are so many parents that the
  /// pages would cost more: looking for one parent's page costs as much as reading this many rows.
  double whole_read_limit = 10'000;
  double lateral_cost = 20;
  /// Nesting of and/or/not. SQLite's own expression depth limit is 1,000.
  int predicate_depth_limit = 200;
};

}  // namespace ballast::compile
