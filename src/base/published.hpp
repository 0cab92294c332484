#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

namespace ballast {

/// A value that many threads read all the time and somebody replaces now and then. Readers take a reference and keep it
/// as long as they like; a replacement never waits for them. Thread-safe.
///
/// A plain atomic shared_ptr would make every reader write to the same two cache lines (its lock and the reference
/// count): with two threads at full load that cost a microsecond and more per request. So each thread keeps a reference
/// with a count of its own, and looks at a version number that changes only on `store`. An old value lives until each
/// thread that read it has come by again.
template <class T>
class Published {
 public:
  using Pointer = std::shared_ptr<const T>;

  explicit Published(Pointer first) : current_(std::move(first)) {}

  Pointer load() const {
    thread_local std::array<Entry, slots> entries;
    Entry& entry = entries[id_ % slots];
    const std::uint64_t version = version_.load(std::memory_order_acquire);
    if (entry.id != id_ || entry.version != version) [[unlikely]] {
      auto own = std::make_shared<Pointer>(current());
      const T* value = own->get();
      entry = Entry{id_, version, Pointer(std::move(own), value)};
    }
    return entry.value;
  }

  void store(Pointer next) {
    {
      const std::lock_guard lock(mutex_);
      current_.swap(next);
    }
    version_.fetch_add(1, std::memory_order_release);
  }

 private:
  static constexpr std::size_t slots = 8;  // a process has one or two of each kind
  struct Entry {
    std::uint64_t id = 0;
    std::uint64_t version = 0;
    Pointer value;
  };
  Pointer current() const {
    const std::lock_guard lock(mutex_);
    return current_;
  }
  static std::uint64_t next_id() {
    static std::atomic<std::uint64_t> ids{0};
    return ids.fetch_add(1, std::memory_order_relaxed) + 1;
  }

  mutable std::mutex mutex_;  // of current_: taken once per thread and version
  Pointer current_;
  std::atomic<std::uint64_t> version_{1};
  const std::uint64_t id_ = next_id();
};

}  // namespace ballast
