#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "catalog/function.hpp"
#include "catalog/privileges.hpp"

namespace ballast::catalog {

/// What an engine may tell beside relations and functions.
struct Extras {
  std::unordered_map<std::string, std::string> schema_comments;
  Privileges privileges;
};

/// What the database looks like, immutable once built: shared between threads as
/// `std::shared_ptr<const Snapshot>` and swapped whole on reload (DESIGN D8).
class Snapshot {
 public:
  /// Derives every relationship (both ways, many-to-many through junctions, self-references) from the
  /// relations' keys, and the computed ones from the functions over a row; a computed one hides those to the relation
  /// of its function's name. `version` is the engine's schema version,
  /// `generation` counts reloads in this process.
  Snapshot(std::vector<Relation> relations, std::vector<std::string> schemas, std::int64_t version,
           std::vector<Function> functions = {}, std::vector<MediaHandler> media_handlers = {}, Extras extras = {});

  const std::vector<Relation>& relations() const noexcept { return relations_; }
  const std::vector<std::string>& schemas() const noexcept { return schemas_; }  ///< exposed; the first is the default
  std::int64_t version() const noexcept { return version_; }
  /// Unique per snapshot in this process; part of every cache key that depends on the schema.
  std::uint64_t generation() const noexcept { return generation_; }

  /// Null when unknown or hidden.
  const Relation* relation(std::string_view schema, std::string_view name) const noexcept;
  /// The hidden ones too: for statements that use another relation's index.
  const Relation* with_hidden(std::string_view schema, std::string_view name) const noexcept;
  /// Every relationship that starts at the relation, in a stable order.
  const std::vector<Relationship>& relationships(std::string_view schema, std::string_view name) const noexcept;
  /// Names of the relations of one schema that are not hidden, for suggestions.
  std::vector<std::string> names(std::string_view schema) const;

  const std::vector<Function>& functions() const noexcept { return functions_; }
  /// Every overload, in the order given.
  std::vector<const Function*> functions(std::string_view schema, std::string_view name) const;
  const std::vector<MediaHandler>& media_handlers() const noexcept { return media_handlers_; }
  const std::string& comment(const std::string& schema) const noexcept;  ///< of a schema; empty when it has none
  const Privileges& privileges() const noexcept { return extras_.privileges; }

 private:
  void derive_relationships();
  void index_functions();

  std::vector<Relation> relations_;
  std::vector<std::string> schemas_;
  std::int64_t version_;
  std::uint64_t generation_;
  std::unordered_map<std::string, std::size_t> by_name_;  // "schema\0name"
  std::unordered_map<std::string, std::vector<Relationship>> relationships_;
  std::vector<Function> functions_;
  std::vector<MediaHandler> media_handlers_;
  Extras extras_;
  std::unordered_map<std::string, std::vector<std::size_t>> functions_by_name_;  // "schema\0name"
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

}  // namespace ballast::catalog
