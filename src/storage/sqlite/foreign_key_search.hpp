#pragma once

#include "storage/sqlite/connection.hpp"

namespace ballast::storage::sqlite {

/// Which foreign key a statement breaks, which SQLite does not say. The statement is run once more with the checks
/// deferred, watching the rows it changes; each of them is then looked up by key. All of it is undone.
/// The 23503 to answer with; empty when the search found nothing.
std::optional<Error> broken_foreign_key(Connection& connection, const sql::Statement& statement,
                                        const catalog::Snapshot& schema);

}  // namespace ballast::storage::sqlite
