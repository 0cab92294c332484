#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "catalog/relation.hpp"

namespace ballast::catalog {

/// What the database looks like, immutable once built: shared between threads as
/// `std::shared_ptr<const Snapshot>` and swapped whole on reload (DESIGN D8).
class Snapshot {
 public:
  /// Derives every relationship (both ways, many-to-many through junctions, self-references) from the
  /// relations' keys. `version` is the engine's schema version, `generation` counts reloads in this process.
  Snapshot(std::vector<Relation> relations, std::vector<std::string> schemas, std::int64_t version);

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

 private:
  std::vector<Relation> relations_;
  std::vector<std::string> schemas_;
  std::int64_t version_;
  std::uint64_t generation_;
  std::unordered_map<std::string, std::size_t> by_name_;  // "schema\0name"
  std::unordered_map<std::string, std::vector<Relationship>> relationships_;
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

}  // namespace ballast::catalog
