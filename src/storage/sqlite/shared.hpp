#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "catalog/snapshot.hpp"
#include "storage/settings.hpp"

namespace ballast::storage::sqlite {

/// Counters for /metrics. Each is written by few threads and read by one; order does not matter.
struct Stats {
  std::atomic<std::uint64_t> loop_reads{0};
  std::atomic<std::uint64_t> slow_reads{0};
  std::atomic<std::uint64_t> slow_refused{0};
  std::atomic<std::uint64_t> slow_waiting{0};
  std::atomic<std::uint64_t> epochs{0};
  std::atomic<std::uint64_t> epochs_renewed{0};
  std::atomic<std::uint64_t> units{0};
  std::atomic<std::uint64_t> units_failed{0};
  std::atomic<std::uint64_t> units_expired{0};
  std::atomic<std::uint64_t> units_restarted{0};
  std::atomic<std::uint64_t> writer_waiting{0};
  std::atomic<std::uint64_t> writer_refused{0};
  std::atomic<std::uint64_t> commits{0};
  std::atomic<std::uint64_t> commits_failed{0};
  std::atomic<std::uint64_t> busy{0};
  std::atomic<std::uint64_t> checkpoints{0};
  std::atomic<std::uint64_t> wal_pages{0};

  static void count(std::atomic<std::uint64_t>& counter, std::uint64_t by = 1) noexcept {
    counter.fetch_add(by, std::memory_order_relaxed);
  }
};

/// What the parts of one open database have in common. Outlives them all.
struct Shared {
  const std::string path;
  const SqliteSettings settings;
  Stats stats{};
  /// Counts commits; raised before any of the commit's callers is answered, so that a read begun after an answer
  /// never runs in a snapshot from before it.
  alignas(64) std::atomic<std::uint64_t> committed{0};
  /// The last one introspected: where errors find constraints' names. Null before the first.
  alignas(64) std::atomic<catalog::SnapshotPtr> schema{};
};

}  // namespace ballast::storage::sqlite
