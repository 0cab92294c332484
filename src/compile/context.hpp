#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "catalog/snapshot.hpp"
#include "compile/compile.hpp"
#include "query/operation.hpp"
#include "sql/writer.hpp"

/// What the clauses of one statement share while it is written. Internal to src/compile.
namespace ballast::compile {

/// One per statement.
struct Context {
  const sql::Dialect& dialect;
  const catalog::Snapshot& snapshot;
  std::vector<sql::Param>& params;
  std::vector<Slot>* slots = nullptr;  ///< where to note the places of numbered values; may be null
  int next_alias = 0;

  bool sqlite() const noexcept { return dialect.engine() == sql::Engine::sqlite; }
  sql::Writer writer() const noexcept { return {dialect, params}; }
};

/// What a write hands on to the query that reads its rows (PostgreSQL: the CTE "written").
struct Written {
  struct Column {
    std::string function_schema;  ///< of a computed column; else empty
    std::string name;
    friend bool operator==(const Column&, const Column&) = default;
  };
  std::vector<Column> columns;  ///< each once
  bool row = false;             ///< the row as one value, for functions over it
  bool version = false;         ///< what tells versions of the row apart
};

/// A relation in a FROM clause, or the relation that is being written to, and how its columns are qualified.
struct Scope {
  int alias = -1;  ///< t<alias>; -1: by the relation's own name (writes on SQLite)
  std::string_view schema;
  std::string_view relation;
  const catalog::Relation* known = nullptr;  ///< null when the catalog lost sight of it
  bool optional = false;                     ///< on the outer side of a left join: any column may be NULL
  bool called = false;                       ///< rows that a function returned: they have no system columns
  bool derived = false;                      ///< stands for a CTE of the relation's rows: PostgreSQL lost their type
  std::string row;                           ///< the column that holds the whole row, when it is a tree's level
  Written* written = nullptr;                ///< the scope is the CTE "written": notes what is read of it
};

inline Scope make_scope(Context& context, std::string_view schema, std::string_view relation) {
  Scope scope;
  scope.alias = context.next_alias++;
  scope.schema = schema;
  scope.relation = relation;
  scope.known = context.snapshot.relation(schema, relation);
  return scope;
}

/// `"schema"."relation"`, or `"relation"` on SQLite, which has one schema.
inline void write_relation(sql::Writer& out, std::string_view schema, std::string_view relation) {
  if (!out.sqlite()) out.name(schema).text(".");
  out.name(relation);
}

/// `"schema"."relation" AS t3`
inline void write_source(sql::Writer& out, const Scope& scope) {
  write_relation(out, scope.schema, scope.relation);
  out.text(" AS t").number(scope.alias);
}

/// `t3."column"`, or `"schema"."column"(t3.*)` for a computed one.
void write_plain_column(sql::Writer& out, const Scope& scope, std::string_view column,
                        std::string_view function_schema = {});

/// The row as one value, an argument of a function: `t3.*`, or `t3::"schema"."relation"` of a derived scope.
void write_row(sql::Writer& out, const Scope& scope);

/// The row as one value in a select list: `ROW(t3.*)::"schema"."relation"`.
void write_row_value(sql::Writer& out, const Scope& scope);

/// What `written` names, as a RETURNING clause gives it from the relation that was written to.
void write_written_columns(sql::Writer& out, const Scope& scope, const Written& written);

/// `"schema"."name"`
inline void write_qualified(sql::Writer& out, const catalog::QualifiedName& name) {
  out.name(name.schema).text(".").name(name.name);
}

inline catalog::Type json_type() { return {catalog::Kind::json, "json"}; }

/// `0A000`: something PostgreSQL has and the engine has not.
inline Error not_available(std::string_view what, std::string hint = {}) {
  return make_error(400, "0A000", std::string(what) + " is not available on this engine (SQLite)")
      .with_hint(std::move(hint));
}

}  // namespace ballast::compile
