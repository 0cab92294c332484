#pragma once

#include <atomic>

#include "catalog/snapshot.hpp"

namespace ballast::catalog {

/// Where the current snapshot stands. A reader takes its own reference and keeps it for the whole request; a
/// reload swaps the pointer and never waits for anybody. Thread-safe.
class Holder {
 public:
  explicit Holder(SnapshotPtr first) : current_(std::move(first)) {}
  SnapshotPtr load() const noexcept { return current_.load(std::memory_order_acquire); }
  void store(SnapshotPtr next) noexcept { current_.store(std::move(next), std::memory_order_release); }

 private:
  std::atomic<SnapshotPtr> current_;
};

}  // namespace ballast::catalog
