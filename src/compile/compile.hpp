#pragma once

#include <optional>
#include <vector>

#include "base/result.hpp"
#include "catalog/snapshot.hpp"
#include "encode/shape.hpp"
#include "query/operation.hpp"
#include "sql/dialect.hpp"
#include "sql/statement.hpp"

/// Operation × Dialect → SQL. Pure: no I/O, no HTTP, no clock.
namespace ballast::compile {

/// Where a request's value went: parameter `param` of the plan's first statement is what `bind_value(op, type, text,
/// dialect)` makes of the query::Value numbered `slot`. A value that shaped the SQL itself has no entry, and one that
/// was bound twice has two: a plan is reusable for other values when every slot of its operation is listed.
struct Slot {
  std::size_t param = 0;
  int slot = -1;
  query::Op op = query::Op::eq;
  catalog::Type type;
};

/// What storage runs and encode reads. A Read, Update or Delete is one statement. An Insert is one statement on
/// PostgreSQL and one per object on SQLite (same text for the same set of keys, so it is prepared once), run in
/// order in one transaction; all of them yield rows of the same shape.
struct Plan {
  std::vector<sql::Statement> statements;
  encode::Shape shape;
  bool writes = false;
  bool returns_rows = false;  ///< the statements yield rows (representation or Location cells)
  std::vector<Slot> slots;    ///< reads only
  /// A read's planned or estimated count on PostgreSQL: tells the plan of a query of all rows as JSON.
  std::optional<sql::Statement> estimate;
};

/// Refuses with 400 what a client got wrong: a value that is no valid input for its column's type (22P02), a
/// payload that does not fit, a clause the engine has no means for (0A000, naming it).
Result<Plan> compile(const query::Operation& operation, const catalog::Snapshot& snapshot, const sql::Dialect& dialect);

/// The parameter that a comparison's value becomes beside a column (or path) of that type; 400 22P02 when the text is
/// no valid input for it.
Result<sql::Param> bind_value(query::Op op, const catalog::Type& type, std::string text, const sql::Dialect& dialect);

}  // namespace ballast::compile
