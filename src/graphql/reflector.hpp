#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "graphql/reflection.hpp"
#include "graphql/type_mapping.hpp"

namespace ballast::graphql {

/// What a relation is called in warnings.
inline std::string label_of(const catalog::Relation& relation) { return relation.schema + "." + relation.name; }

/// What the steps of `reflect` share.
class Reflector {
 public:
  Reflector(const catalog::Snapshot& snapshot, const Access& access, const BuildOptions& options);

  const catalog::Snapshot& snapshot() const noexcept { return snapshot_; }
  const Access& access() const noexcept { return access_; }
  Reflection& result() noexcept { return result_; }

  /// Of the settings when they have one under "schema.local" or "local", otherwise of the comment; an empty one, and a
  /// warning about `what`, when it is broken.
  CommentDirective directive(const std::map<std::string, std::string>& settings, std::string_view what,
                             std::string_view schema, std::string_view local, std::string_view comment);
  const Directives& settings() const noexcept { return options_.directives; }
  const CommentDirective& schema(const std::string& name);  ///< its directive
  bool exposed(std::string_view schema) const;

  void warn(std::string message) { result_.warnings.push_back(std::move(message)); }

  /// Takes the names of types; false, and nothing taken, when one of them is gone.
  bool take_types(const std::vector<std::string>& names);

  /// Null when the relation has no place in the schema.
  ReflectedRelation* relation(std::string_view schema, std::string_view name);
  void add(ReflectedRelation& reflected) { by_relation_[reflected.relation] = &reflected; }

  /// May the role read all of these columns?
  bool selectable(const catalog::Relation& relation, const std::vector<std::string>& columns) const;
  /// The relation has a type now, and with it what functions over its rows return.
  void show(ReflectedRelation& relation);

  /// Nullopt for types that schemas leave out.
  std::optional<ReflectedType> type(const catalog::Type& type, bool resolve_base_type);

 private:
  const ReflectedEnumeration* enumeration(const catalog::Enumeration& enumeration);
  ReflectedEnumeration reflected(const catalog::Enumeration& enumeration);

  const catalog::Snapshot& snapshot_;
  const Access& access_;
  const BuildOptions& options_;
  Reflection result_;
  std::set<std::string, std::less<>> types_;
  std::map<std::string, CommentDirective> schemas_;
  std::unordered_map<const catalog::Relation*, ReflectedRelation*> by_relation_;
  /// Null: its labels cannot be names.
  std::map<std::pair<std::string, std::string>, const ReflectedEnumeration*> by_enumeration_;
};

/// In this order. Relations with their columns; what leads from one to others; functions as fields of the roots.
void reflect_relations(Reflector& reflector);
void reflect_relationships(Reflector& reflector);
void reflect_functions(Reflector& reflector);

}  // namespace ballast::graphql
