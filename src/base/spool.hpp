#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ballast {

/// Bytes that only grow: in memory up to `memory_limit`, beyond that in an unlinked temporary file, so that an
/// answer of any size holds bounded memory and a slow reader holds nothing else (no connection, no transaction).
/// Written by one thread, then read by one thread (hand-over is the caller's); readable at any offset.
class Spool {
 public:
  struct Limits {
    std::size_t memory_limit = 1U << 20;    ///< bytes kept in memory before the file is used
    std::uint64_t file_limit = 4ULL << 30;  ///< bytes on disk before append fails
    std::string directory;                  ///< empty: $TMPDIR, else /tmp
  };

  Spool() = default;
  explicit Spool(Limits limits) : limits_(std::move(limits)) {}
  Spool(Spool&& other) noexcept;
  Spool& operator=(Spool&& other) noexcept;
  ~Spool();

  /// The memory part's write end. Append to it freely, then call `commit()`, which spills when it is full.
  std::string& buffer() noexcept { return memory_; }
  /// 507 `BLST507` when the disk is full or over `file_limit`.
  Result<void> commit();
  Result<void> append(std::string_view bytes) {
    memory_.append(bytes);
    return commit();
  }

  std::uint64_t size() const noexcept { return spilled_ + memory_.size(); }
  bool in_memory() const noexcept { return file_ < 0; }
  /// Requires `in_memory()`; leaves the spool empty.
  std::string take_memory();
  void clear();

  /// Up to `into.size()` bytes from `offset`; 0 at the end. Throws std::system_error when the file cannot be read.
  std::size_t read(std::uint64_t offset, std::span<char> into) const;

 private:
  Limits limits_;
  std::string memory_;         // the tail: bytes [spilled_, size())
  std::uint64_t spilled_ = 0;  // bytes already in the file
  int file_ = -1;
};

}  // namespace ballast
