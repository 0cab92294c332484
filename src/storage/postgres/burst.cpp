#include "storage/postgres/burst.hpp"

namespace ballast::storage::postgres {

void Burst::reset() {
  fate = Fate::none;
  failure.reset();
  sink_error.reset();
  completed = 0;
  for (auto& step : steps) {
    step.outcome = {};
    step.tag.clear();
    step.bytes = 0;
    if (step.sink != nullptr) step.sink->restart();
  }
}

void resume(std::span<Burst* const> finished) {
  for (auto* burst : finished) {
    const WaiterPtr waiter = std::move(burst->waiter);
    if (waiter != nullptr) waiter->resume();
  }
}

void take_waiters(std::span<Burst* const> bursts, std::vector<WaiterPtr>& waiters) {
  for (auto* burst : bursts) {
    if (burst->waiter != nullptr) waiters.push_back(std::move(burst->waiter));
  }
}

}  // namespace ballast::storage::postgres
