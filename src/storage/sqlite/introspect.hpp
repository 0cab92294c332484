#pragma once

#include "catalog/declaration.hpp"
#include "catalog/snapshot.hpp"
#include "storage/sqlite/connection.hpp"

namespace ballast::storage::sqlite {

/// Reads the whole schema in one read transaction. Everything is in schema "public", so that both engines read alike.
/// Left out: SQLite's and Ballast's own tables (`sqlite_`, `ballast_`), shadow tables, and views that do not work.
Result<catalog::SnapshotPtr> introspect(Connection& connection, const catalog::Declarations& tables = {});

Result<std::int64_t> schema_version(Connection& connection);

}  // namespace ballast::storage::sqlite
