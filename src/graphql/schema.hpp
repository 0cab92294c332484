#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "catalog/snapshot.hpp"
#include "graphql/input.hpp"

/// The type system of the GraphQL specification (section 3), with what every field means to the database beside it.
/// Immutable once built and shared between threads; made by schema_builder from a catalog snapshot for one role.
namespace ballast::graphql {

enum class TypeKind : std::uint8_t { scalar, object, interface, union_, enumeration, input_object };

struct TypeDefinition;

/// A named type inside its wrappers.
struct TypeUse {
  const TypeDefinition* named = nullptr;
  enum class Wrapper : std::uint8_t { list, non_null };
  std::vector<Wrapper> wrappers;  ///< outermost first: `[Int!]!` is non_null, list, non_null
  bool non_null() const noexcept { return !wrappers.empty() && wrappers.front() == Wrapper::non_null; }
  bool list() const noexcept;  ///< a list, perhaps a non-null one
  TypeUse items() const;       ///< of a list: its items' type
  TypeUse nullable() const;    ///< without an outer non_null
  std::string print() const;   ///< `[Int!]!`
  friend bool operator==(const TypeUse&, const TypeUse&) = default;
};

/// What a field, an argument or an input field stands for. The names are pg_graphql's vocabulary.
enum class Meaning : std::uint8_t {
  none,  ///< nothing of the database: pageInfo's own fields, introspection
  // fields of Query
  collection,         ///< relation
  by_key,             ///< relation: `accountByPk(id: 1)`
  node,               ///< `node(nodeId:)`
  function_call,      ///< function; of Query or Mutation
  introspect_schema,  ///< `__schema`
  introspect_type,    ///< `__type(name:)`
  type_name,          ///< `__typename`
  // fields of Mutation
  insert,  ///< relation
  update,  ///< relation
  remove,  ///< relation
  // of connections and edges
  edges,
  page_info,
  total_count,
  aggregate,
  edge_cursor,
  edge_node,
  has_next_page,
  has_previous_page,
  start_cursor,
  end_cursor,
  // of a row's object; of filters, orders, inputs
  node_id,          ///< relation
  column,           ///< column
  computed_column,  ///< computed
  relationship,     ///< relationship: to one, or a connection
  row_version,      ///< relation
  // of aggregates: aggregate { count sum { column } … }
  count,
  sum,
  avg,
  min,
  max,
  // of answers to mutations
  affected_count,
  records,
  // arguments
  first,
  last,
  before,
  after,
  offset,
  filter,
  order_by,
  objects,
  set,
  at_most,
  on_conflict,
  if_version,
  key_column,
  function_argument,  ///< position: its place among function->arguments
  // filters
  and_,
  or_,
  not_,
  operation,  ///< operation: `eq`, `in` …, by its own name
  // onConflict { target update }
  conflict_target,
  conflict_update,
  increment,  ///< `{"_increment": 1}`
};

/// The database's part of a field; pointers are into the schema's snapshot and null where they do not apply.
struct Binding {
  Meaning meaning = Meaning::none;
  const catalog::Relation* relation = nullptr;
  const catalog::Column* column = nullptr;
  const catalog::ComputedColumn* computed = nullptr;
  const catalog::Relationship* relationship = nullptr;
  const catalog::Function* function = nullptr;
  int position = -1;
};

struct Deprecation {
  std::string reason;
};

/// An argument, or a field of an input object.
struct InputField {
  std::string name;
  std::string description;
  TypeUse type;
  std::optional<Input> default_value;
  std::optional<Deprecation> deprecated;
  Binding binding;
  bool required() const noexcept { return type.non_null() && !default_value; }
};

struct FieldDefinition {
  std::string name;
  std::string description;
  std::vector<InputField> arguments;
  TypeUse type;
  std::optional<Deprecation> deprecated;
  Binding binding;
  const InputField* argument(std::string_view name) const noexcept;
};

struct EnumMember {
  std::string name;
  std::string description;
  std::optional<Deprecation> deprecated;
  std::string value;  ///< the database's spelling
};

struct TypeDefinition {
  TypeKind kind = TypeKind::scalar;
  std::string name;
  std::string description;
  std::string specified_by;                           ///< of scalars: a URL, or empty
  std::vector<FieldDefinition> fields;                ///< of objects and interfaces
  std::vector<const TypeDefinition*> interfaces;      ///< of objects
  std::vector<const TypeDefinition*> possible_types;  ///< of interfaces and unions
  std::vector<EnumMember> members;                    ///< of enumerations
  std::vector<InputField> inputs;                     ///< of input objects
  bool one_of = false;                                ///< of input objects: exactly one field (September 2025)
  /// `relation` is set on the object type of a relation's rows and on no other object type; inputs say what they are
  /// about.
  Binding binding;

  /// Null when there is none.
  const FieldDefinition* field(std::string_view name) const noexcept;
  const InputField* input(std::string_view name) const noexcept;
  const EnumMember* member(std::string_view name) const noexcept;
  bool composite() const noexcept;  ///< object, interface or union: has a selection
  bool is_input() const noexcept;   ///< scalar, enumeration or input object
};

struct DirectiveDefinition {
  std::string name;
  std::string description;
  std::vector<std::string> locations;  ///< "FIELD", "FRAGMENT_SPREAD" …
  std::vector<InputField> arguments;
};

/// How a relation's rows are told apart and paged through.
struct Collection {
  std::vector<std::string> key;  ///< columns: the primary key's, or those a directive names; empty: rows have no nodeId
  std::optional<std::uint64_t> max_rows;  ///< of one page, as a directive says it; none: the server's default
};

/// What a schema has beside its types.
struct SchemaDetails {
  std::deque<catalog::Relationship> relationships;  ///< from directives; bindings may point into them
  std::unordered_map<const catalog::Relation*, Collection> collections;
  std::vector<FieldDefinition> meta_fields;  ///< of the query root, which introspection does not list
  std::vector<std::string> warnings;         ///< directives that were ignored, names that could not be given
  std::string broken_directive;              ///< what is wrong with the first that was ignored; empty: none was
};

class Schema {
 public:
  /// `types` in the order in which introspection lists them. Keeps the snapshot, which the bindings point into, alive.
  Schema(catalog::SnapshotPtr snapshot, std::vector<std::unique_ptr<TypeDefinition>> types,
         std::vector<DirectiveDefinition> directives, const TypeDefinition* query, const TypeDefinition* mutation,
         bool introspection, SchemaDetails details = {});

  const catalog::Snapshot& snapshot() const noexcept { return *snapshot_; }
  const std::vector<std::unique_ptr<TypeDefinition>>& types() const noexcept { return types_; }
  const std::vector<DirectiveDefinition>& directives() const noexcept { return directives_; }
  const DirectiveDefinition* directive(std::string_view name) const noexcept;
  const TypeDefinition* type(std::string_view name) const noexcept;  ///< null when unknown
  const TypeDefinition* query() const noexcept { return query_; }
  const TypeDefinition* mutation() const noexcept { return mutation_; }  ///< null when nothing can be changed
  /// The object type of a relation's rows; null when this role sees none.
  const TypeDefinition* object_of(const catalog::Relation& relation) const noexcept;
  /// A field that may be selected of `type`: one of its own, `__typename`, and of the query root `__schema` and
  /// `__type` when clients may ask for them. Null when there is none.
  const FieldDefinition* field(const TypeDefinition& type, std::string_view name) const noexcept;
  /// Of a relation that `object_of` knows.
  const Collection& collection(const catalog::Relation& relation) const;
  const std::vector<std::string>& warnings() const noexcept { return details_.warnings; }
  /// What pg_graphql answers every request with when a directive is broken; empty when none is.
  const std::string& broken_directive() const noexcept { return details_.broken_directive; }
  /// May clients ask for `__schema` and `__type`?
  bool introspection() const noexcept { return introspection_; }
  /// `__typename`, which every composite type has.
  const FieldDefinition& type_name() const noexcept { return type_name_; }

 private:
  catalog::SnapshotPtr snapshot_;
  std::vector<std::unique_ptr<TypeDefinition>> types_;
  std::vector<DirectiveDefinition> directives_;
  const TypeDefinition* query_;
  const TypeDefinition* mutation_;
  bool introspection_;
  SchemaDetails details_;
  FieldDefinition type_name_;
  std::unordered_map<std::string_view, const TypeDefinition*> by_name_;
  std::unordered_map<const catalog::Relation*, const TypeDefinition*> by_relation_;
};

using SchemaPtr = std::shared_ptr<const Schema>;

}  // namespace ballast::graphql
