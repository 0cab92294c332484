#pragma once

#include <sqlite3.h>

#include <atomic>

namespace ballast::storage::testing {

/// SQLite's allocator, which refuses the n-th request for memory from then on, once. For tests; one at a time, and only
/// while no connection is open.
class FailingMemory {
 public:
  FailingMemory() {
    instance() = this;
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_);
    sqlite3_mem_methods methods = real_;
    methods.xMalloc = allocate;
    methods.xRealloc = reallocate;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
  }
  ~FailingMemory() {
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_MALLOC, &real_);
  }
  FailingMemory(const FailingMemory&) = delete;
  FailingMemory& operator=(const FailingMemory&) = delete;

  /// From now on, request number `at` fails.
  void fail(int at) { left_ = at + 1; }
  /// Has it been refused? From now on, none is.
  bool heal() { return left_.exchange(0) <= 0; }

 private:
  static FailingMemory*& instance() {
    static FailingMemory* memory = nullptr;
    return memory;
  }
  bool refuses() {
    if (left_ <= 0) return false;
    return left_.fetch_sub(1) == 1;
  }
  static void* allocate(int bytes) { return instance()->refuses() ? nullptr : instance()->real_.xMalloc(bytes); }
  static void* reallocate(void* at, int bytes) {
    return instance()->refuses() ? nullptr : instance()->real_.xRealloc(at, bytes);
  }

  sqlite3_mem_methods real_{};
  std::atomic<int> left_{0};
};

}  // namespace ballast::storage::testing
