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
  bool required = true;   ///< has no default
  bool variadic = false;  ///< the last one; `type` is then the array's
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
  Type returns;                 ///< of a scalar; Kind::composite for rows
  std::vector<Column> columns;  ///< of a row: the relation's or type's columns, or the OUT and TABLE arguments
  bool single_unnamed() const noexcept {
    return arguments.size() == 1 && arguments.front().name.empty() && !arguments.front().variadic;
  }
  friend bool operator==(const Function&, const Function&);
};
inline bool operator==(const Function& a, const Function& b) {
  return a.schema == b.schema && a.name == b.name && a.arguments == b.arguments;
}

}  // namespace ballast::catalog
