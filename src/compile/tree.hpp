#pragma once

#include <deque>
#include <vector>

#include "base/result.hpp"
#include "compile/compile.hpp"
#include "compile/select.hpp"

/// Reads whose to-many embeds come as rows of their own rather than as JSON that the database makes, all in one
/// statement. Each level of embedding is a query over the numbered rows of the level above:
///
///     WITH l0 AS MATERIALIZED (SELECT row_number() OVER () AS n, s.* FROM (album's cells, and k0, by which its tracks
///     are
///                              found) AS s)
///     SELECT 0, s.n, NULL, s.c0, s.c1, NULL::integer FROM l0 AS s
///     UNION ALL SELECT 1, NULL, s.p, NULL, NULL, s.c0 FROM (SELECT t2.n AS p, track's cells FROM l0 AS t2 CROSS JOIN
///                              track AS t3 WHERE t3.album_id = t2.k0) AS s
///
/// See encode::Shape::levels for what the rows mean.
namespace ballast::compile {

class Tree {
 public:
  explicit Tree(Context& context) noexcept : context_(context) {}
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  /// Where a root's rows come from, if not from its relation: a CTE.
  enum class From : std::uint8_t { relation, written, called };
  /// A read of its own; all outlive the tree.
  void add_root(const query::Read& read, Scope scope, From from = From::relation);

  /// Can the embed be a level? Otherwise it has to be a cell of its parent.
  bool takes(const query::EmbedOutput& embed) const;
  /// Makes it one: adds to `parent` what its rows are found by, to `object` the hole that they fill.
  void add_level(int parent_level, Select& parent, const Scope& scope, encode::Object& object,
                 const query::EmbedOutput& embed);

  /// Builds the levels. Before `write`; once.
  Result<void> build();
  /// Writes the statement, with `ctes` ("written AS (…)") before the tree's own; they may be empty.
  Result<void> write(sql::Writer& out, const sql::Writer& ctes);
  /// What to make of the rows: fillings[0] is the JSON array of the first root's rows, fillings[i] that of level i's.
  encode::Shape take_shape();

 private:
  struct Level {
    int parent = -1;
    const query::Read* read = nullptr;
    Scope above;                 ///< the CTE of the parent's rows
    catalog::Relationship link;  ///< from that CTE's columns
    Scope root;
    From from = From::relation;
    bool has_children = false;
    int depth = 0;
    int sorted_by = -1;  ///< cell by which the encoder sorts, in place of ORDER BY
    bool whole = false;  ///< the encoder takes the pages out of all rows
    double rows = 0;     ///< that it is expected to have; 0: nobody knows
    std::optional<Select> select;
  };

  void expect_rows(Level& level) const;
  void choose_order(Level& level);
  bool alone() const noexcept { return levels_.size() == 1; }
  Result<void> write_rows(sql::Writer& out, const Level& level);
  Result<void> write_joined(sql::Writer& out, const Level& level);
  Result<void> write_lateral(sql::Writer& out, const Level& level);
  Result<void> write_sqlite_page(sql::Writer& out, const Level& level);
  void write_sqlite_aggregates(sql::Writer& out, const Level& level);
  Result<void> write_arm(sql::Writer& out, std::size_t index);

  Context& context_;
  std::deque<Level> levels_;
  int cells_ = 0;
};

/// The read, its to-many embeds as levels where they can be. The plan's shape has levels when there was one.
Result<Plan> compile_tree(const query::Tree& tree, const catalog::Snapshot& snapshot, const sql::Dialect& dialect);

}  // namespace ballast::compile
