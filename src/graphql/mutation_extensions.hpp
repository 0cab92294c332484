#pragma once

#include "graphql/schema_draft.hpp"

/// What mutations can do here beyond pg_graphql's dialect.
namespace ballast::graphql {

/// Rows of other relations along foreign keys: `insertIntoBlogCollection(objects: [{name: "a", postCollection:
/// [{title: "b"}], owner: {name: "c"}}])`. A column that the relationship gives may be left out.
void add_nested_inserts(const SchemaDraft& draft, const ReflectedRelation& relation, TypeDefinition& insert_input);

/// `set: {_increment: {views: 1}}`
void add_increments(SchemaDraft& draft, const ReflectedRelation& relation, TypeDefinition& update_input);

/// `onConflict: {target: [email], update: [name]}`: which columns a row conflicts by, and which of an existing row then
/// take the new values: without `update` all that are given, with an empty one none.
void add_on_conflict(SchemaDraft& draft, const ReflectedRelation& relation, FieldDefinition& insert);

/// `_version`, what `ifVersion` takes, unless a column has that name.
void add_row_version(const SchemaDraft& draft, const ReflectedRelation& relation, TypeDefinition& object);

/// `ifVersion: ["7"]`: changes the records only in one of these versions.
void add_if_version(const SchemaDraft& draft, FieldDefinition& mutation);

}  // namespace ballast::graphql
