#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "storage/settings.hpp"
#include "storage/storage.hpp"

namespace ballast::storage {

/// Told of what an operator wants to know: connections lost and regained, with the reason. Called on any thread.
using PostgresReport = std::function<void(std::string_view what)>;

/// A PostgreSQL database. Opens no connection yet, so that a server that is still away can be waited for: `ping` and
/// `introspect` tell (503 BLST701 until it answers). A connection string that libpq cannot read is refused here.
///
/// Reads and transactions are awaited on event loops with one thread each; every such thread gets pipelined
/// connections of its own at its first use. The loops must outlive the storage.
Result<std::unique_ptr<Storage>> open_postgres(const PostgresSettings& settings, PostgresReport report = {});

}  // namespace ballast::storage
