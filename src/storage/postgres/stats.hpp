#pragma once

#include <atomic>
#include <cstdint>

namespace ballast::storage::postgres {

/// Counted by every loop; see `Storage::visit_stats`.
struct Stats {
  using Counter = std::atomic<std::uint64_t>;
  Counter pipelined{0};         ///< bursts sent on shared pipelines
  Counter pipeline_batches{0};  ///< sends that carried them
  Counter exclusive{0};         ///< bursts sent on connections of their own
  Counter slow_moves{0};        ///< statements that were ended on a pipeline and run again on a connection of their own
  Counter slow_shapes{0};       ///< statements known to be slow at the moment
  Counter shapes{0};            ///< statements known
  Counter repeated{0};          ///< transactions run again after a deadlock or a serialization failure
  Counter prepared_again{0};
  Counter lost{0};  ///< connections lost
  Counter opened{0};
  Counter connections{0};  ///< open now
  Counter waiting{0};      ///< requests that wait for a connection now
  Counter refused{0};      ///< for want of a connection
  Counter uncertain{0};    ///< commits whose outcome is not known
  Counter canceled{0};
};

}  // namespace ballast::storage::postgres
