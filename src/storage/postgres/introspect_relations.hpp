#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "catalog/relation.hpp"
#include "storage/postgres/introspect_types.hpp"

namespace ballast::storage::postgres {

/// Every table and view that is not the system's, with columns and indexes. Those of schemas that are not exposed are
/// hidden, and so are partitions, which are reached through their table.
class IntrospectedRelations {
 public:
  Result<void> load(PGconn& connection, const std::vector<std::string>& schemas, const IntrospectedTypes& types);

  catalog::Relation* find(ObjectId oid);
  const catalog::Relation* find(ObjectId oid) const;
  /// A relation's, or the fields of a composite type; null when neither is known.
  const std::vector<catalog::Column>* columns(ObjectId oid) const;
  /// Names by attribute numbers; empty ones for expressions and system columns.
  std::vector<std::string> names(ObjectId oid, const std::vector<std::int64_t>& attributes) const;

  /// What was found, ordered by schema and name. Nothing is left behind.
  std::vector<catalog::Relation> take() { return std::move(relations_); }

 private:
  Result<void> load_relations(PGconn& connection, const std::vector<std::string>& schemas);
  Result<void> load_columns(PGconn& connection, const IntrospectedTypes& types);
  Result<void> load_indexes(PGconn& connection);

  std::vector<catalog::Relation> relations_;
  std::unordered_map<ObjectId, std::size_t> by_oid_;
  std::unordered_map<ObjectId, std::vector<catalog::Column>> composites_;
  std::unordered_map<ObjectId, std::vector<std::string>> attributes_;  // by number, from 1
};

}  // namespace ballast::storage::postgres
