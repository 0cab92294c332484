#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "catalog/holder.hpp"
#include "storage/storage.hpp"

namespace ballast::server {

/// Keeps the catalog in step with the database: asks for the schema's version every `interval`, introspects aside
/// when it moved and swaps the snapshot. A schema that cannot be read leaves the old one in service. Thread-safe.
class SchemaWatch {
 public:
  /// `loaded` is told of every reload (empty: it succeeded), on the watch's thread.
  using Listener = std::function<void(const std::string& problem)>;
  /// May this be the first snapshot in service? On the watch's thread.
  using Accept = std::function<Result<void>(const catalog::Snapshot& first)>;

  /// `holder` may be empty as yet: the schema is then loaded as soon as the database answers.
  SchemaWatch(storage::Storage& storage, catalog::Holder& holder, Duration interval, Accept accept, Listener loaded);
  SchemaWatch(const SchemaWatch&) = delete;
  SchemaWatch& operator=(const SchemaWatch&) = delete;
  ~SchemaWatch();

  /// Introspects as soon as the watch's thread gets to it, whether the version moved or not.
  void reload_now();
  /// Why the latest reload failed; empty when the snapshot is the database's.
  std::string problem() const;

 private:
  void run();
  void reload();

  storage::Storage& storage_;
  catalog::Holder& holder_;
  const Duration interval_;
  const Accept accept_;
  const Listener loaded_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool wanted_ = false;
  std::string problem_;
  std::thread thread_;
};

}  // namespace ballast::server
