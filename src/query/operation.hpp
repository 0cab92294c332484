#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/box.hpp"
#include "catalog/function.hpp"
#include "catalog/relation.hpp"
#include "query/lock.hpp"
#include "query/predicate.hpp"

/// What a front end asks of the database: plain comparable data, resolved against one catalog snapshot (every
/// relation, column and relationship named here exists in it), knowing nothing of HTTP or SQL. REST and GraphQL
/// meet here (DESIGN section 4).
namespace ballast::query {

struct Read;

/// A column (or JSON path, or cast) under the key `alias`.
struct ColumnOutput {
  std::string alias;
  ColumnPath column;
  friend bool operator==(const ColumnOutput&, const ColumnOutput&) = default;
};

enum class Aggregate : std::uint8_t { count, sum, avg, min, max };

/// `count()` without a column counts rows. The other outputs of the same Read become its GROUP BY.
struct AggregateOutput {
  std::string alias;
  Aggregate function = Aggregate::count;
  std::optional<ColumnPath> column;
  std::optional<catalog::Type> cast;  ///< of the result: `amount.sum()::text`
  friend bool operator==(const AggregateOutput&, const AggregateOutput&) = default;
};

enum class Join : std::uint8_t { left, inner };

/// Rows of a related relation: an object (or null) when the relationship is to-one, an array otherwise.
struct EmbedOutput {
  std::string alias;  ///< JSON key, and the name EmbedExists and embed orders refer to
  catalog::Relationship relationship;
  Join join = Join::left;  ///< inner: parents without a matching row are left out
  bool spread = false;     ///< members are lifted into the parent object (arrays of values when to-many)
  bool hidden = false;     ///< filters only: `select=*,child()` yields no key
  Box<Read> child;
  friend bool operator==(const EmbedOutput&, const EmbedOutput&);
};

using Output = std::variant<ColumnOutput, AggregateOutput, EmbedOutput>;

enum class Direction : std::uint8_t { ascending, descending };
/// Unset follows PostgreSQL on every engine: last when ascending, first when descending.
enum class Nulls : std::uint8_t { unset, first, last };

struct OrderTerm {
  std::string embed;  ///< alias of a to-one embed whose column orders the parent; usually empty
  ColumnPath column;
  Direction direction = Direction::ascending;
  Nulls nulls = Nulls::unset;
  friend bool operator==(const OrderTerm&, const OrderTerm&) = default;
};

/// Counting all rows that match, regardless of the page.
enum class Count : std::uint8_t { none, exact, planned, estimated };

/// All rows become one value: what an aggregate function makes of them.
struct Fold {
  std::string schema;
  std::string function;
  bool whole = false;  ///< takes the relation's rows as they are, else whatever record the outputs make
  bool bytes = false;  ///< gives bytea
  friend bool operator==(const Fold&, const Fold&) = default;
};

struct Read {
  std::string schema;
  std::string relation;
  std::vector<Output> outputs;
  Predicate where;
  std::vector<OrderTerm> order;
  std::optional<std::uint64_t> limit;
  std::uint64_t offset = 0;
  Count count = Count::none;
  std::optional<std::uint64_t> count_limit;  ///< an estimated count need not count further than this
  bool as_text = false;                      ///< values are wanted as text (CSV) rather than as JSON
  std::optional<Fold> fold;                  ///< of the outermost read only
  bool as_tree = false;                      ///< of the outermost: to-many embeds may come as rows of their own
  bool versioned = false;                    ///< of the outermost: rows come with their version, beside the outputs
  std::optional<Lock> lock;                  ///< of the outermost, on its own relation's rows
  friend bool operator==(const Read&, const Read&) = default;
};
inline bool operator==(const EmbedOutput& a, const EmbedOutput& b) {
  return a.alias == b.alias && a.relationship.constraint == b.relationship.constraint &&
         a.relationship.target == b.relationship.target && a.relationship.function == b.relationship.function &&
         a.join == b.join && a.spread == b.spread && a.hidden == b.hidden && a.child == b.child;
}

/// What to answer with after a write: the written rows read as `Read` says (its `where`, `limit` and `offset` are
/// ignored; embeds are allowed).
using Returning = std::optional<Read>;

enum class OnConflict : std::uint8_t { fail, ignore, merge };

/// `payload` is one JSON array of objects, as text. Keys not in `columns` are ignored; a key missing from an object
/// is its column's default when `missing_is_default`, else NULL.
struct Insert {
  std::string schema;
  std::string relation;
  std::vector<std::string> columns;  ///< resolved; empty inserts defaults only, once per object
  std::string payload;
  bool missing_is_default = false;
  OnConflict on_conflict = OnConflict::fail;
  std::vector<std::string> conflict_columns;  ///< empty: the primary key
  std::vector<std::string> merge_columns;     ///< of a merge: those that take the new values; empty: all that are given
  std::vector<std::string> location_columns;  ///< primary key, when the answer needs a Location
  Returning returning;
  friend bool operator==(const Insert&, const Insert&) = default;
};

/// `payload` is one JSON object, as text: the columns to set. A key missing from it is its column's default when
/// `missing_is_default`, else NULL. With `row_key` it is an array of objects instead, each of which sets the columns of
/// the one row that has its values in these columns and its member `version_name` as version.
struct Update {
  std::string schema;
  std::string relation;
  std::vector<std::string> columns;
  std::string payload;
  bool missing_is_default = false;
  std::vector<std::string> increments;  ///< of `columns`, numeric ones: the payload's value is added to what is there
  std::vector<std::string> row_key;
  Predicate where;
  Returning returning;
  friend bool operator==(const Update&, const Update&) = default;
};

struct Delete {
  std::string schema;
  std::string relation;
  Predicate where;
  Returning returning;
  friend bool operator==(const Delete&, const Delete&) = default;
};

/// One argument that a call passes; those it leaves out take their defaults.
struct CallArgument {
  std::string name;  ///< empty: the function's only argument, which has none
  catalog::Type type;
  bool variadic = false;
  Value value;  ///< its text, of an array literal when variadic; unused when the call has a payload
  friend bool operator==(const CallArgument&, const CallArgument&) = default;
};

/// The one column of a result that is no row, in the name PostgREST's clients know.
inline constexpr std::string_view scalar_column = "pgrst_scalar";

/// A function's result, read as `result` says: `result.relation` is what its rows are called. A function that returns
/// neither rows nor nothing has the one column `scalar_column`, whose bare value stands for the row.
struct Call {
  const catalog::Function* function = nullptr;  ///< the snapshot's
  std::vector<CallArgument> arguments;
  std::optional<std::string> payload;  ///< one JSON object, as text: the arguments' values by name
  Read result;
  bool read_only = false;  ///< must not change anything, whatever the function says about itself
  friend bool operator==(const Call&, const Call&) = default;
};

/// Several reads answered by one statement: a page of rows, say, and the totals beside it. Their to-many embeds may
/// come as rows of their own.
struct Tree {
  std::vector<Read> reads;
  std::optional<Call> call;  ///< reads of its rows, in the place of its `result`; their relation is `result.relation`
  friend bool operator==(const Tree&, const Tree&) = default;
};

using Operation = std::variant<Read, Insert, Update, Delete, Call, Tree>;

}  // namespace ballast::query
