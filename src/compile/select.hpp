#pragma once

#include <optional>
#include <vector>

#include "base/result.hpp"
#include "compile/context.hpp"
#include "encode/shape.hpp"

/// One level of a query: a relation, the to-one embeds joined to it, and the cells its rows have. To-many embeds are
/// cells of their parent, each a level of its own.
namespace ballast::compile {

class Tree;

/// How a child level is tied to its parent.
struct Link {
  const Scope& parent;
  const catalog::Relationship& relationship;
};

/// A to-one embed that is joined to the level's root.
struct JoinedEmbed {
  std::string_view alias;
  Scope scope;
  std::string_view key;  ///< a column that is never NULL in a row that was found; empty: no column is known to be
};

/// The condition that the embed found a row.
void write_found(sql::Writer& out, const Scope& scope, std::string_view key);

/// A cell that is no aggregate. PostgreSQL cannot group by JSON, so a cell that was made JSON says what it was made of.
struct GroupKey {
  int cell;
  std::optional<sql::Writer> expression;  ///< none: the cell itself
};

struct Select {
  explicit Select(Context& context) : cells(context.writer()), from(context.writer()), where(context.writer()) {}

  Scope root;
  sql::Writer cells;              ///< the expressions of all cells, end to end
  std::vector<std::size_t> ends;  ///< where each of them ends
  std::vector<catalog::Type> types;
  std::vector<sql::Writer> links;  ///< what the levels below find their rows by
  sql::Writer from;                ///< after FROM
  sql::Writer where;               ///< after WHERE; empty: no condition
  encode::Object object;           ///< what to make of the cells
  std::vector<GroupKey> keys;
  int version = -1;  ///< the cell with the row's version
  bool aggregated = false;
  std::vector<JoinedEmbed> joined;

  int cell_count() const noexcept { return static_cast<int>(ends.size()); }
  /// Ends the cell that was just written to `cells`; its index.
  int end_cell(catalog::Type type) {
    ends.push_back(cells.size());
    types.push_back(std::move(type));
    return static_cast<int>(ends.size()) - 1;
  }
  void write_cell(sql::Writer& out, int index) const {
    const auto i = static_cast<std::size_t>(index);
    out.append(cells, i == 0 ? 0 : ends[i - 1], ends[i]);
  }
};

struct SelectOptions {
  const Link* link = nullptr;  ///< for a child level
  bool joins = true;           ///< false where nothing can be joined (RETURNING on SQLite): to-one embeds become
                               ///< cells too, and neither `from` nor `where` is written
  bool written = false;        ///< reads the CTE "written" instead of the relation
  const sql::Writer* source = nullptr;  ///< what stands after FROM instead of the relation, its alias included
  int depth = 0;
  bool in_json = false;  ///< the cells become JSON in the database, which knows how
  Tree* tree = nullptr;  ///< takes to-many embeds as levels; null: they are cells
  int level = 0;         ///< of the tree
};

/// Builds the level that `root` is the scope of.
Result<Select> build_select(Context& context, const query::Read& read, Scope root, const SelectOptions& options);

enum class CellNames : std::uint8_t { none, numbered };

/// `SELECT cells FROM … WHERE … GROUP BY …`, cells named c0, c1 … when numbered. `extra` follows the cells.
void write_select(sql::Writer& out, const Select& select, CellNames names, const sql::Writer* extra = nullptr);

/// ` GROUP BY …`, or nothing.
void write_group_by(sql::Writer& out, const Select& select);

/// ` FROM … WHERE …`
void write_from(sql::Writer& out, const Select& select);

}  // namespace ballast::compile
