#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "catalog/declaration.hpp"

namespace ballast::storage {

/// The embedded engine's settings (`sqlite.*`).
struct SqliteSettings {
  bool create = true;      ///< make the file when it is missing
  bool read_only = false;  ///< refuse every write; for databases on media that cannot be written
  /// "full": an acknowledged write survives power loss. "normal": it survives a crash of the process only, in
  /// exchange for writes several times as fast.
  std::string synchronous = "full";
  /// How long a statement waits for another process that has locked the database. Beyond it a client does better to
  /// come back than to hold its place in the queue.
  std::chrono::milliseconds busy_timeout{2'000};

  /// VM instructions a read may take on the event loop (about a millisecond) before it moves to a slow-read thread.
  std::uint32_t step_budget = 50'000;
  /// Bytes a read may produce on the event loop before it moves: about as long again as the step budget.
  std::size_t byte_budget = 256U << 10;
  std::size_t slow_threads = 2;  ///< more than the cores only thrashes; one long report must not block the rest
  std::size_t slow_queue = 256;  ///< reads waiting for a slow-read thread; beyond it 503
  std::size_t slow_shapes = 3;   ///< fast runs in a row until a statement that was slow is tried on the loop again

  std::size_t write_queue = 10'000;          ///< transactions waiting for the writer; beyond it 503
  std::size_t group_limit = 512;             ///< transactions in one commit: bounds what one failing disk takes along
  std::chrono::milliseconds group_time{20};  ///< a commit is not put off longer than this for the sake of its group

  std::size_t statement_cache = 256;  ///< prepared statements per connection, at some 5 to 20 KiB each
  std::size_t cache_kib = 8'192;      ///< page cache per connection; used only as far as pages are read
  /// Bytes of the file mapped into memory. Off: an I/O error in a mapping kills the process instead of failing one
  /// statement.
  std::uint64_t mmap_bytes = 0;
  std::uint64_t value_limit = 256U << 20;  ///< bytes of one value, an aggregated embed included: bounds memory

  std::size_t checkpoint_pages = 2'000;  ///< WAL pages (8 MiB) from which they are copied back into the database
  /// WAL pages (128 MiB) at which the writer itself lends a hand, since a WAL is only started over when all of it is
  /// copied and nobody reads it.
  std::size_t wal_limit = 32'000;

  catalog::Declarations tables;  ///< wired

  std::string vfs;  ///< SQLite's operating system layer by name; empty for the platform's own
};

/// PostgreSQL's settings (`database.*`). Everything about the connection itself (hosts, TLS, password file, …) is
/// libpq's, in the connection string or libpq's own environment variables.
struct PostgresSettings {
  std::string connection;     ///< a URI (postgres://…) or keywords (host=… dbname=…), as libpq takes them
  std::string password_file;  ///< a file that holds the password alone; empty: libpq's own ways
  std::vector<std::string> schemas{"public"};  ///< exposed ones; the first is the default
  catalog::Declarations tables;                ///< wired
  std::vector<std::string> search_path{
      "public"};         ///< further schemas in which names are looked up (db-extra-search-path)
  bool prepared = true;  ///< off for PgBouncer in transaction mode
  /// Nodes that share the server's connections: the automatic pool size divides by it.
  std::size_t nodes = 1;
  std::size_t loops = 1;        ///< event loops that read and write: they share the connections
  std::size_t connections = 0;  ///< all of this process; 0: from the server's max_connections
  std::size_t pipelines = 2;    ///< pipelined connections per worker thread
  /// The same for transactions of one statement that writes. So many can commit at once, and share a sync of the disk;
  /// 0: they share `pipelines`.
  std::size_t write_pipelines = 4;
  std::size_t pipeline_depth = 2;  ///< batches under way per pipelined connection: one runs, one waits at the server
  std::size_t batch = 64;          ///< requests that share one burst; bounds what one broken connection takes along
  /// How long a statement may run on a shared pipeline before it is ended and run again on a connection of its own.
  std::chrono::milliseconds fast_timeout{100};
  std::chrono::milliseconds fast_lock_timeout{20};  ///< the same for a statement that waits for a lock
  std::size_t slow_shapes = 3;        ///< fast runs until a statement that was slow is tried on a pipeline again
  std::size_t waiting = 10'000;       ///< requests that wait for a connection; beyond it 503
  std::size_t statement_cache = 500;  ///< prepared statements per connection
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds idle_time{60'000};  ///< an exclusive connection unused for this long is closed
  std::size_t retries = 3;  ///< times a transaction that met a deadlock or a serialization failure is run again
  std::size_t result_bytes =
      1U << 20;  ///< a result larger than this is read row by row next time, on its own connection
  /// Whether `schema_version` looks for changes in the catalogue; without, it moves with notifications (NOTIFY ballast,
  /// NOTIFY pgrst) and after reconnects only.
  bool watch_schema = false;
};

}  // namespace ballast::storage
