#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/type.hpp"

namespace ballast::catalog {

struct Column {
  std::string name;
  Type type;
  bool nullable = true;
  bool generated = false;                   ///< cannot be written
  bool identity = false;                    ///< numbered by the database when left out
  bool serial = false;                      ///< has a sequence of its own (PostgreSQL): serial or identity
  std::optional<std::string> default_text;  ///< SQL text of the default, for OpenAPI and `missing=default`
  std::string comment;
  std::vector<std::string> enum_values;  ///< enum types, or CHECK (x IN (…)) where recognised
};

/// A function of one argument, a relation's row, whose result is selected like a column (PostgreSQL).
struct ComputedColumn {
  std::string name;    ///< the function's
  std::string schema;  ///< the function's
  Type type;
  std::string comment;
};

struct UniqueKey {
  std::string name;
  std::vector<std::string> columns;
  bool primary = false;
};

struct ForeignKey {
  std::string name;      ///< as declared, or PostgreSQL's default: "orders_customer_id_fkey"
  std::string schema;    ///< of the referenced relation
  std::string relation;  ///< referenced
  std::vector<std::string> columns;
  std::vector<std::string> referenced_columns;
  /// Seen through a view: one of the two is a view that shows the columns of the table that has the key.
  bool through_view = false;
  std::string comment = {};  ///< on the constraint
};

struct CheckConstraint {
  std::string name;  ///< as declared, or PostgreSQL's default: "accounts_balance_check"
  std::string expression;
};

struct Index {
  std::string name;
  std::vector<std::string> columns;  ///< expressions appear as empty names
  bool unique = false;
};

enum class RelationKind : std::uint8_t { table, partitioned_table, partition, foreign_table, view, materialized_view };

/// A table or a view.
struct Relation {
  std::string schema;  ///< SQLite: "public", so that both engines read alike
  std::string name;
  bool is_view = false;                     ///< a materialized one too
  RelationKind kind = RelationKind::table;  ///< SQLite: not told
  bool insertable = true;
  bool updatable = true;
  bool deletable = true;
  std::string comment;
  std::vector<Column> columns;           ///< in declared order
  std::vector<std::string> primary_key;  ///< column names in key order; empty when there is none; a view's: its tables'
  std::vector<UniqueKey> unique_keys;    ///< the primary key among them; a view's: those of its tables
  std::vector<ForeignKey> foreign_keys;
  std::vector<CheckConstraint> checks;
  std::vector<Index> indexes;
  std::vector<ComputedColumn> computed_columns;
  double estimated_rows = 0;
  bool has_rowid = false;     ///< SQLite rowid tables
  std::string full_text;      ///< SQLite: name of an FTS5 table over this one, if any
  bool is_full_text = false;  ///< SQLite: this is itself an FTS5 table
  /// Part of another relation's machinery (a full text index holds its rows' text): no front end knows it, so that a
  /// grant on everything does not open what a grant on the other relation closes.
  bool hidden = false;
  /// Counts the row's changes: whoever updates through Ballast has it incremented. Empty: none was declared.
  std::string version_column;
  bool requires_version = false;  ///< a row is only changed by who says which version of it

  /// Linear below a dozen columns, so no index is kept. Null when unknown.
  const Column* column(std::string_view name) const noexcept;
  const ComputedColumn* computed_column(std::string_view name) const noexcept;
};

enum class Cardinality : std::uint8_t { many_to_one, one_to_many, one_to_one, many_to_many };

/// The table in the middle of a many-to-many relationship.
struct Junction {
  std::string schema;
  std::string relation;
  std::string source_constraint;            ///< foreign key junction → source
  std::string target_constraint;            ///< foreign key junction → target
  std::vector<std::string> source_columns;  ///< junction's columns that hold the source's key
  std::vector<std::string> target_columns;  ///< junction's columns that hold the target's key
};

/// One way to embed `target` into `source`. For many-to-many, `source_columns` and `target_columns` are the keys
/// that the junction's columns point at, pairwise.
struct Relationship {
  Cardinality cardinality = Cardinality::many_to_one;
  std::string source_schema;
  std::string source;
  std::string target_schema;
  std::string target;
  std::string constraint;  ///< the foreign key's name; for many-to-many see `junction`
  std::vector<std::string> source_columns;
  std::vector<std::string> target_columns;
  std::optional<Junction> junction;
  /// A computed relationship: the target's rows are what this function returns for the source's row; there are no
  /// columns then, and `constraint` is empty.
  std::string function_schema;
  std::string function;
  bool self = false;  ///< source and target are the same relation
  bool computed() const noexcept { return !function.empty(); }
  /// The target side is at most one row.
  bool to_one() const noexcept {
    return cardinality == Cardinality::many_to_one || cardinality == Cardinality::one_to_one;
  }
};

/// How the PostgREST dialect writes a cardinality in its errors: "many-to-one" …
std::string_view to_string(Cardinality cardinality) noexcept;

}  // namespace ballast::catalog
