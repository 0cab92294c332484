#pragma once

#include <memory>
#include <string>

#include "storage/settings.hpp"
#include "storage/storage.hpp"

namespace ballast::storage {

/// Opens (or creates) a SQLite database in WAL mode and starts its writer, slow-read and checkpoint threads.
///
/// Reads are awaited on event loops with one thread each (their executor runs handlers on that thread alone); every
/// such thread gets a connection of its own at its first read. The loops must outlive the storage.
/// An in-memory database is refused: its connections would not share it.
Result<std::unique_ptr<Storage>> open_sqlite(const std::string& path, const SqliteSettings& settings = {});

}  // namespace ballast::storage
