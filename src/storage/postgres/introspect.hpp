#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "catalog/declaration.hpp"
#include "catalog/snapshot.hpp"

namespace ballast::storage::postgres {

/// What the exposed schemas hold, read in one transaction by a handful of catalogue queries. Functions of `search_path`
/// are known too, since computed columns may live there. Blocking.
Result<catalog::SnapshotPtr> introspect(PGconn& connection, const std::vector<std::string>& schemas,
                                        const std::vector<std::string>& search_path, std::int64_t version = 0,
                                        const catalog::Declarations& tables = {});

/// Moves with every change to the relations, columns, constraints and functions of these schemas. Blocking; its cost
/// grows with their number, so it is for development.
Result<std::int64_t> schema_fingerprint(PGconn& connection, const std::vector<std::string>& schemas);

}  // namespace ballast::storage::postgres
