#pragma once

#include <atomic>

#include "storage/postgres/connector.hpp"

namespace ballast::storage::postgres {

/// What the loops of one database share.
struct Shared {
  PostgresSettings settings;
  Stats stats;
  Connector connector;
  std::atomic<std::size_t> loops{0};
  std::atomic<std::size_t> server_limit{0};  ///< connections the server allows its users; 0: not known yet
  std::atomic<bool> closing{false};

  Shared(PostgresSettings chosen, PostgresReport report)
      : settings(std::move(chosen)), connector(settings, stats, std::move(report)) {}

  /// Connections that one loop may open besides its pipelines.
  std::size_t exclusive_per_loop() const noexcept;
};

}  // namespace ballast::storage::postgres
