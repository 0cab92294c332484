#pragma once

#include <optional>

#include "storage/postgres/prelude.hpp"

namespace ballast::storage::postgres {

/// Decides what becomes of a burst that did not succeed, for one request.
class Retry {
 public:
  struct Verdict {
    std::optional<Error> error;          ///< the request fails with it
    std::chrono::milliseconds pause{0};  ///< otherwise it is run again, after this
  };

  Retry(Lanes& lanes, TimePoint deadline, bool reads) : lanes_(lanes), deadline_(deadline), reads_(reads) {}

  /// `known` is the statement the burst is about; it is remembered as slow where that is why it failed.
  Verdict after(Burst& burst, Lane lane, KnownStatement& known);

 private:
  Verdict again(std::chrono::milliseconds pause = std::chrono::milliseconds(0)) { return {{}, pause}; }
  Verdict fail(Error error) { return {std::move(error), {}}; }
  Verdict after_failure(Burst& burst, Lane lane, KnownStatement& known);

  Lanes& lanes_;
  const TimePoint deadline_;
  const bool reads_;
  std::size_t stale_ = 0;
  std::size_t lost_ = 0;
  std::size_t repeated_ = 0;
};

}  // namespace ballast::storage::postgres
