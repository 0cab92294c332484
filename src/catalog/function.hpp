#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/relation.hpp"

namespace ballast::catalog {

struct Argument {
  std::string name;  ///< empty when it has none
  Type type;
  bool required = true;           ///< has no default
  bool variadic = false;          ///< the last one; `type` is then the array's
  std::string default_text = {};  ///< SQL text of the default; empty: none, or not told
  friend bool operator==(const Argument&, const Argument&) = default;
};

enum class Volatility : std::uint8_t { immutable, stable, volatile_ };

/// A function that can be called by name. Overloads are functions of their own.
struct Function {
  std::string schema;
  std::string name;
  std::string comment;
  std::vector<Argument> arguments;  ///< IN, INOUT and VARIADIC ones, in order
  Volatility volatility = Volatility::volatile_;
  bool procedure = false;
  bool returns_set = false;
  bool returns_void = false;
  /// Returns rows of this relation (schema and name; also when it is not exposed), so that they can be filtered and
  /// embedded into.
  std::string returns_schema;
  std::string returns_relation;
  Type returns;  ///< of a scalar; Kind::composite for rows
  /// Returns a domain that is named like a media type ("text/html"; "*/*" for any): what it returns is an answer's
  /// body as it stands. Lower case; empty: no such domain.
  std::string media_type;
  /// Takes one row of this relation and nothing else: when it returns rows of a relation, a computed relationship
  /// (otherwise a computed column, see Relation).
  std::string of_schema;
  std::string of_relation;
  /// A set of one row at most (ROWS 1), as a relationship: to one.
  bool single_row = false;
  std::vector<Column> columns;  ///< of a row: the relation's or type's columns, or the OUT and TABLE arguments
  /// What it sets for its own run (`SET name = value` in its declaration), as "name=value".
  std::vector<std::string> settings;
  /// Rows have columns; anything else is one value.
  bool returns_rows() const noexcept { return !columns.empty(); }
  /// The arguments' types, as Privileges tells overloads apart: "integer,public.mood".
  std::string signature() const {
    std::string all;
    for (const Argument& argument : arguments) {
      if (!all.empty()) all.push_back(',');
      all.append(argument.type.spelling.empty() ? argument.type.name : argument.type.spelling);
    }
    return all;
  }
  bool single_unnamed() const noexcept {
    return arguments.size() == 1 && arguments.front().name.empty() && !arguments.front().variadic;
  }
  friend bool operator==(const Function&, const Function&);
};
inline bool operator==(const Function& a, const Function& b) {
  return a.schema == b.schema && a.name == b.name && a.arguments == b.arguments;
}

/// An aggregate over rows that makes an answer's body of a media type.
struct MediaHandler {
  std::string schema;
  std::string name;
  std::string media_type;       ///< lower case; "*/*" for any
  std::string relation_schema;  ///< whose rows it takes; empty: any record's (anyelement)
  std::string relation;
  bool bytes = false;  ///< the domain is one over bytea
  friend bool operator==(const MediaHandler&, const MediaHandler&) = default;
};

}  // namespace ballast::catalog
