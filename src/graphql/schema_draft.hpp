#pragma once

#include <string>
#include <string_view>

#include "graphql/build_options.hpp"
#include "graphql/reflection.hpp"
#include "graphql/type_set.hpp"

namespace ballast::graphql {

/// A schema that is being built: first every type is declared, so that they can refer to each other, then each is
/// filled by the file that knows its kind.
struct SchemaDraft {
  const Reflection& reflection;
  const BuildOptions& options;
  TypeSet types;
  std::vector<std::string> warnings;

  /// The type about a relation whose name ends so; "" is that of its rows. Requires that it was declared.
  TypeDefinition& about(const ReflectedRelation& relation, std::string_view suffix) const {
    return types.get(relation.type_name + std::string(suffix));
  }
  bool has(const ReflectedRelation& relation, std::string_view suffix) const {
    return types.find(relation.type_name + std::string(suffix)) != nullptr;
  }
  TypeUse named(std::string_view name) const { return use(types.get(name)); }
  TypeUse type(const ReflectedType& type) const {
    const TypeUse item = named(type.enumeration != nullptr ? std::string_view(type.enumeration->name) : type.scalar);
    return type.list ? list_of(item) : item;
  }
};

/// Declares what relations and enums have; enums are complete then.
void declare_types(SchemaDraft& draft);

// Of one keyed relation.
void fill_connection(SchemaDraft& draft, const ReflectedRelation& relation);
void fill_aggregates(SchemaDraft& draft, const ReflectedRelation& relation);
void fill_filter(SchemaDraft& draft, const ReflectedRelation& relation);
void fill_order(SchemaDraft& draft, const ReflectedRelation& relation);
void fill_mutations(SchemaDraft& draft, const ReflectedRelation& relation);
// Of any.
void fill_object(SchemaDraft& draft, const ReflectedRelation& relation);

/// `Query` and `Mutation`; the latter has no fields when nothing can be changed.
void add_roots(SchemaDraft& draft);
void add_function_fields(SchemaDraft& draft, TypeDefinition& root, bool mutation);

/// first, last, before, after, offset, filter, orderBy.
void add_collection_arguments(const SchemaDraft& draft, const ReflectedRelation& relation, FieldDefinition& field);

/// Those that may be sorted by.
bool orderable(const ReflectedColumn& column) noexcept;
bool selectable(const ReflectedColumn& column) noexcept;

}  // namespace ballast::graphql
