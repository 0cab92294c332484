#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace ballast::sql {

/// What a bound parameter holds. PostgreSQL receives every kind as text; SQLite binds by kind.
struct Null {
  friend bool operator==(Null, Null) = default;
};
struct Blob {
  std::string bytes;
  friend bool operator==(const Blob&, const Blob&) = default;
};
using Param = std::variant<Null, bool, std::int64_t, double, std::string, Blob>;

/// One statement: text with placeholders (`$n` on PostgreSQL, `?n` on SQLite) and its values. The text depends
/// only on the request's shape, never on its values, so it can be prepared once and cached by text.
struct Statement {
  std::string text;
  std::vector<Param> params;
  bool writes = false;  ///< goes to the writer (SQLite) or a read-write transaction (PostgreSQL)
};

}  // namespace ballast::sql
