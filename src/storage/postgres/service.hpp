#pragma once

#include <atomic>
#include <mutex>

#include "storage/postgres/shared.hpp"

namespace ballast::storage::postgres {

/// The connection for what blocks: it listens for notifications (where there are none, it looks at the catalogue now
/// and then) and answers pings. Introspection gets one of its own each time, so that it delays neither. Thread-safe;
/// never used on an event loop.
class Service {
 public:
  explicit Service(Shared& shared) : shared_(shared) {}

  Result<catalog::SnapshotPtr> introspect();
  /// Moves with each `NOTIFY ballast` and `NOTIFY pgrst, 'reload schema'`, with each reconnect, and, when the settings
  /// ask for it, with the catalogue.
  Result<std::int64_t> schema_version();
  /// The socket that notifications come in on; -1 while there is none.
  int news_descriptor() const noexcept { return socket_.load(std::memory_order_relaxed); }
  Result<void> ping();
  void close();

 private:
  Result<PGconn*> connection();
  void drop_connection();
  /// What the database has to say that nobody asked for, up to everything that was committed before this call.
  Result<bool> asked_for_reload(PGconn* connection);
  Result<void> look_at_catalogue(PGconn* connection);
  /// Asks for notifications as soon as they can be had.
  void listen(PGconn* connection);
  Result<void> run(PGconn* connection, const char* text);

  Shared& shared_;
  std::atomic<int> socket_{-1};
  std::mutex mutex_;
  ConnectionHandle connection_;   // guarded by mutex_
  bool listening_ = false;        // guarded by mutex_
  std::int64_t version_ = 0;      // guarded by mutex_
  std::int64_t fingerprint_ = 0;  // guarded by mutex_
};

}  // namespace ballast::storage::postgres
