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

}  // namespace ballast::storage::postgres
