#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "idempotency/key.hpp"

namespace ballast::idempotency {

/// Which keys have been answered lately, by this process: most retries come soon, and are looked up before anything
/// else is tried. It forgets at will and may take one key for another; what counts is in the database. Thread-safe.
class RecentKeys {
 public:
  void add(const Key& key) noexcept {
    const auto number = static_cast<std::uint64_t>(key.number());
    slots_[number % slots_.size()].store(number, std::memory_order_relaxed);
  }
  bool knows(const Key& key) const noexcept {
    const auto number = static_cast<std::uint64_t>(key.number());
    return slots_[number % slots_.size()].load(std::memory_order_relaxed) == number;
  }

 private:
  std::array<std::atomic<std::uint64_t>, 65'536> slots_{};
};

}  // namespace ballast::idempotency
