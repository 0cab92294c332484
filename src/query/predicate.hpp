#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/box.hpp"
#include "catalog/type.hpp"

namespace ballast::query {

/// One step into a JSON value: `->key`, `->>key`, `->0`.
struct JsonStep {
  std::variant<std::string, std::int64_t> key;
  bool as_text = false;
  friend bool operator==(const JsonStep&, const JsonStep&) = default;
};

/// A column of the relation the clause belongs to, possibly a path into its JSON, possibly cast. `type` is the
/// column's type from the catalog; `result_type()` the type of the whole expression.
struct ColumnPath {
  std::string column;
  catalog::Type type;
  std::vector<JsonStep> path;
  std::optional<catalog::Type> cast;
  /// A computed column: what this schema's function of the column's name makes of the row. Empty: a stored column.
  std::string function_schema;
  /// No column: what tells one version of the row from another, as text. `column` is its name to clients.
  bool row_version = false;
  friend bool operator==(const ColumnPath&, const ColumnPath&) = default;
  catalog::Type result_type() const {
    if (cast) return *cast;
    if (path.empty()) return type;
    return path.back().as_text ? catalog::Type{} : catalog::Type{catalog::Kind::json, "json"};
  }
};

/// What REST calls a row's version, in `select` and in bodies.
inline constexpr std::string_view version_name = "$version";

inline ColumnPath row_version() {
  ColumnPath path;
  path.column = version_name;
  path.type = catalog::type_named("text");
  path.row_version = true;
  return path;
}

/// A value as the client wrote it; always bound, never spliced. `slot` is its place among the request's values
/// (front ends that cache compiled plans by shape number them); -1 when it is a constant of the shape.
struct Value {
  std::string text;
  int slot = -1;
  friend bool operator==(const Value&, const Value&) = default;
};

enum class Op : std::uint8_t {
  eq,
  neq,
  lt,
  lte,
  gt,
  gte,
  like,
  ilike,  ///< `*` was already turned into `%`
  match,
  imatch,  ///< regular expressions
  is_distinct,
  contains,
  contained,
  overlaps,  ///< cs cd ov
  strictly_left,
  strictly_right,
  not_right,
  not_left,
  adjacent  ///< sl sr nxr nxl adj
};

enum class Quantifier : std::uint8_t { one, any, all };

/// `column op value`, or `column op any|all(values)`; the operator is already valid for the column's type.
struct Compare {
  ColumnPath column;
  Op op = Op::eq;
  Quantifier quantifier = Quantifier::one;
  std::vector<Value> values;  ///< exactly one unless quantified
  friend bool operator==(const Compare&, const Compare&) = default;
};

/// `column IN (values)`; an empty list matches nothing.
struct In {
  ColumnPath column;
  std::vector<Value> values;
  friend bool operator==(const In&, const In&) = default;
};

enum class Is : std::uint8_t { null, not_null, true_, false_, unknown };
struct IsTest {
  ColumnPath column;
  Is what = Is::null;
  friend bool operator==(const IsTest&, const IsTest&) = default;
};

enum class FullTextMode : std::uint8_t { fts, plain, phrase, web };  ///< fts plfts phfts wfts
struct FullText {
  ColumnPath column;
  FullTextMode mode = FullTextMode::fts;
  std::string language;  ///< PostgreSQL's text search configuration; empty for the default
  Value query;
  friend bool operator==(const FullText&, const FullText&) = default;
};

/// True when the embed named by `alias` (an output of the same Read) has a row: `embed=not.is.null`.
struct EmbedExists {
  std::string alias;
  friend bool operator==(const EmbedExists&, const EmbedExists&) = default;
};

struct Predicate;
struct And {
  std::vector<Predicate> all;  ///< empty: true
  friend bool operator==(const And&, const And&);
};
struct Or {
  std::vector<Predicate> any;  ///< empty: false
  friend bool operator==(const Or&, const Or&);
};
struct Not {
  Box<Predicate> inner;
  friend bool operator==(const Not&, const Not&);
};

/// A tree of conditions over one relation's row.
struct Predicate {
  std::variant<And, Or, Not, Compare, In, IsTest, FullText, EmbedExists> node;
  friend bool operator==(const Predicate&, const Predicate&) = default;
};

inline bool operator==(const And& a, const And& b) { return a.all == b.all; }
inline bool operator==(const Or& a, const Or& b) { return a.any == b.any; }
inline bool operator==(const Not& a, const Not& b) { return a.inner == b.inner; }

}  // namespace ballast::query
