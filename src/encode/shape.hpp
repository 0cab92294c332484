#pragma once

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

using Member = std::variant<Field, Verbatim, Nested>;
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

/// A to-many list whose elements are rows of the statement: rows that are equal in `keys` follow one another and
/// are one row of the answer, which has the cells of the first of them.
struct Grouping {
  std::vector<int> keys;
  int present = -1;    ///< NULL in the only row of a list without elements
  std::size_t at = 0;  ///< the list's place among the root's members
  std::string key;
  Object element;
  friend bool operator==(const Grouping&, const Grouping&) = default;
};

/// A whole row. Cells that no member uses carry what headers need.
struct Shape {
  Object root;
  std::optional<Grouping> grouping;
  int total = -1;               ///< cell with the count of all matching rows; such a statement yields one row even
                                ///< for an empty page, whose cell `row_present` is then NULL
  int row_present = -1;         ///< -1: every row is a row
  int updated = -1;             ///< cell with the number of rows that an upsert found and updated
  int rows = -1;                ///< cell with the number of rows that the one row of the statement was made of
  std::vector<SortKey> order;   ///< what a writing statement could not do itself (SQLite's RETURNING); usually empty
  std::vector<Field> location;  ///< primary key cells for a Location header; `key` is the column's name
  friend bool operator==(const Shape&, const Shape&) = default;
};

}  // namespace ballast::encode
