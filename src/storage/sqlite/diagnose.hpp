#pragma once

#include "storage/sqlite/connection.hpp"

namespace ballast::storage::sqlite {

/// Makes a constraint violation as telling as PostgreSQL's: which foreign key, which values. `error` is what the
/// result code alone says and stays as it is when no more can be found out cheaply. Runs on the writer's connection
/// right after `statement` failed there, inside its transaction, which it leaves as it found it.
void diagnose(Connection& connection, const sql::Statement& statement, const Ran& ran, const catalog::Snapshot& schema,
              Error& error);

/// 23503 for a transaction that leaves a deferred foreign key broken, with the key's name when it is found quickly.
Error deferred_violation(Connection& connection, const catalog::Snapshot* schema);

}  // namespace ballast::storage::sqlite
