#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "catalog/freshness.hpp"
#include "catalog/holder.hpp"
#include "http/file_descriptor.hpp"
#include "storage/storage.hpp"

namespace ballast::server {

/// Keeps the catalog in step with the database: asks for the schema's version every `interval`, when the database has
/// news and when a request asks for it; introspects aside when it moved and swaps the snapshot. A schema that cannot be
/// read leaves the old one in service. Thread-safe.
class SchemaWatch final : public catalog::Freshness {
 public:
  /// `loaded` is told of every reload (empty: it succeeded), on the watch's thread.
  using Listener = std::function<void(const std::string& problem)>;
  /// May this be the first snapshot in service? On the watch's thread.
  using Accept = std::function<Result<void>(const catalog::Snapshot& first)>;

  /// `holder` may be empty as yet: the schema is then loaded as soon as the database answers.
  SchemaWatch(storage::Storage& storage, catalog::Holder& holder, Duration interval, Accept accept, Listener loaded);
  SchemaWatch(const SchemaWatch&) = delete;
  SchemaWatch& operator=(const SchemaWatch&) = delete;
  ~SchemaWatch() override;

  void start();
  /// From here on nothing is reloaded. Called by the destructor.
  void stop();
  /// Everybody who asks while the database is being asked is answered by its next answer.
  void catch_up(std::function<void()> caught_up) override;
  bool behind() const noexcept override { return reloading_.load(std::memory_order_relaxed); }
  /// Introspects as soon as the watch's thread gets to it, whether the version moved or not.
  void reload_now();
  /// Why the latest reload failed; empty when the snapshot is the database's.
  std::string problem() const;

 private:
  void run();
  /// Until it is time to ask the database again.
  void wait() const;
  void wake() const;
  void reload();

  storage::Storage& storage_;
  catalog::Holder& holder_;
  const Duration interval_;
  const Accept accept_;
  const Listener loaded_;
  std::atomic<bool> reloading_{false};
  bool answered_ = true;             // by the database, the last time; of the watch's thread
  const http::FileDescriptor wake_;  ///< an eventfd
  mutable std::mutex mutex_;
  bool stopping_ = false;                       // guarded by mutex_
  bool wanted_ = false;                         // guarded by mutex_
  std::vector<std::function<void()>> waiting_;  // guarded by mutex_
  std::string problem_;                         // guarded by mutex_
  std::thread thread_;
};

}  // namespace ballast::server
