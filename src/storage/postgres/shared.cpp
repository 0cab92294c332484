#include "storage/postgres/shared.hpp"

#include <algorithm>

namespace ballast::storage::postgres {

std::size_t Shared::exclusive_per_loop() const noexcept {
  constexpr std::size_t service = 2;  // the one that listens, and one for introspection
  constexpr std::size_t most = 32;    // slow statements beyond that only make each other slower
  constexpr std::size_t least = 2;
  const std::size_t count = std::max<std::size_t>(1, loops.load(std::memory_order_relaxed));
  std::size_t all = settings.connections;
  if (all == 0) {
    // Four fifths of what the server has, so that migrations, psql and backups get in.
    const std::size_t server = server_limit.load(std::memory_order_relaxed);
    all = server == 0 ? 0 : server * 4 / 5 / std::max<std::size_t>(1, settings.nodes);
  }
  const std::size_t taken = count * settings.pipelines + service;
  const std::size_t left = all > taken ? std::min(all - taken, most) : 0;
  return std::max(least, left / count);
}

}  // namespace ballast::storage::postgres
