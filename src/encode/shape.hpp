#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/box.hpp"
#include "catalog/type.hpp"

/// How flat rows become nested JSON (DESIGN D3).
namespace ballast::encode {

/// Cell `column` under `key`, written as its type says.
struct Field {
  std::string key;
  int column = 0;
  catalog::Kind kind = catalog::Kind::text;
  int scale = -1;  ///< numeric only
  /// The cell is PostgreSQL's own text of a value of that kind (DateStyle ISO): only its JSON spelling is to be added,
  /// nothing is checked or converted.
  bool canonical = false;
  /// Of a canonical array that is still PostgreSQL's text (`{1,NULL}`): what its elements are. Other kinds of elements
  /// have no JSON without asking PostgreSQL.
  std::optional<catalog::Kind> element;
  /// What some of its texts are called instead, if any are.
  std::shared_ptr<const std::map<std::string, std::string, std::less<>>> words;
  bool as_string = false;  ///< its JSON as a string, whatever it is: for clients whose numbers are too small for it
  friend bool operator==(const Field&, const Field&) = default;
};

/// Cell `column` already holds JSON text (a to-many embed); `if_null` stands in for SQL NULL.
struct Verbatim {
  std::string key;
  int column = 0;
  std::string if_null = "null";
  friend bool operator==(const Verbatim&, const Verbatim&) = default;
};

struct Object;
/// A nested object under `key`: null when cell `present` is NULL or false (a left join that found nothing).
struct Nested {
  std::string key;
  int present = -1;  ///< -1: always there
  Box<Object> object;
  friend bool operator==(const Nested&, const Nested&);
};

/// The same in every row.
struct Constant {
  std::string key;
  std::string json;
  friend bool operator==(const Constant&, const Constant&) = default;
};

/// A place in a row that other rows fill: `Shape::fillings[filling]`.
struct Hole {
  std::string key;
  int filling = 0;
  friend bool operator==(const Hole&, const Hole&) = default;
};

/// Where a row stands in an order: the base64 of the JSON array of its values, as a string.
struct Cursor {
  std::string key;
  std::string before;  ///< elements in front of the values, as JSON
  std::vector<Field> values;
  friend bool operator==(const Cursor&, const Cursor&) = default;
};

using Member = std::variant<Field, Verbatim, Nested, Constant, Hole, Cursor>;
struct Object {
  std::vector<Member> members;
  bool bare = false;  ///< the only member's value alone, without braces and key (to-many spreads)
  friend bool operator==(const Object&, const Object&) = default;
};
inline bool operator==(const Nested& a, const Nested& b) {
  return a.key == b.key && a.present == b.present && a.object == b.object;
}

/// Rows that come in no order are to be put in that of cell `column`.
struct SortKey {
  int column = 0;
  bool descending = false;
  bool nulls_first = false;
  friend bool operator==(const SortKey&, const SortKey&) = default;
};

/// One kind of rows, when a statement answers a tree of reads: each row says which level it belongs to (cell 0), its
/// own number within the level if others refer to it (cell 1) and the number of the row it belongs to (cell 2). The
/// other cells are those of all levels side by side. Where there is but one level, rows have its cells alone.
struct Level {
  int parent = -1;            ///< the level whose rows these belong to; -1: none
  std::vector<Object> faces;  ///< what is made of each row; one row can be shown in more than one way
  int sorted_by = -1;         ///< cell with an integer by which each parent's rows are put in order; -1: as they come
  std::optional<std::uint64_t> limit;  ///< of each parent's rows, the first so many, where the statement gives more
  friend bool operator==(const Level&, const Level&) = default;
};

/// Rows of a level, apart by commas: all of them without a parent, or those of the row that has the hole.
struct List {
  int level = 0;
  int face = 0;
  bool reversed = false;
  std::optional<std::uint64_t> limit;  ///< further rows only tell that there are more
  friend bool operator==(const List&, const List&) = default;
};
/// The first (or last) of them alone.
struct Single {
  int level = 0;
  int face = 0;
  bool last = false;
  std::optional<std::uint64_t> limit;
  std::string otherwise = "null";  ///< when there is none
  friend bool operator==(const Single&, const Single&) = default;
};
/// `true` when there are more rows than the limit.
struct More {
  int level = 0;
  std::uint64_t limit = 0;
  friend bool operator==(const More&, const More&) = default;
};

/// How many rows there are.
struct RowCount {
  int level = 0;
  friend bool operator==(const RowCount&, const RowCount&) = default;
};

/// What stands in a hole, part by part; a text is JSON as it stands.
using Part = std::variant<std::string, List, Single, More, RowCount>;
using Filling = std::vector<Part>;

/// A whole row. Cells that no member uses carry what headers need.
struct Shape {
  Object root;
  /// A tree of reads: fillings[0] is the whole answer, and `root` is not used. Empty: every row is one of the answer's.
  std::vector<Level> levels;
  std::vector<Filling> fillings;
  int total = -1;               ///< cell with the count of all matching rows; such a statement yields one row even
                                ///< for an empty page, whose cell `row_present` is then NULL
  int row_present = -1;         ///< -1: every row is a row
  int updated = -1;             ///< cell with the number of rows that an upsert found and updated
  int version = -1;             ///< cell with the version of a row of the first level, as text
  int rows = -1;                ///< cell with the number of rows that the one row of the statement was made of
  std::vector<SortKey> order;   ///< what a writing statement could not do itself (SQLite's RETURNING); usually empty
  std::vector<Field> location;  ///< primary key cells for a Location header; `key` is the column's name
  friend bool operator==(const Shape&, const Shape&) = default;
};

}  // namespace ballast::encode
