#pragma once

#include <atomic>

#include "storage/postgres/connector.hpp"

namespace ballast::storage::postgres {

/// How many connections of each kind one loop may have.
struct Shares {
  std::size_t pipelines = 1;
  std::size_t write_pipelines = 0;  ///< 0: writes share `pipelines`
  std::size_t exclusive = 1;
};
/// Out of `database.connections`, or of what the server allows its users (0: not known yet). A pipeline and a
/// connection for exclusive use are the least a loop can work with.
Shares shares_of(const PostgresSettings& settings, std::size_t server_limit) noexcept;

/// What the loops of one database share.
struct Shared {
  PostgresSettings settings;
  Stats stats;
  Connector connector;
  std::atomic<std::size_t> server_limit{0};  ///< connections the server allows its users; 0: not known yet
  std::atomic<bool> closing{false};

  Shared(PostgresSettings chosen, PostgresReport report)
      : settings(std::move(chosen)), connector(settings, stats, std::move(report)) {}

  Shares shares() const noexcept { return shares_of(settings, server_limit.load(std::memory_order_relaxed)); }
};

}  // namespace ballast::storage::postgres
