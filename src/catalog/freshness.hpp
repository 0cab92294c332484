#pragma once

#include <functional>

namespace ballast::catalog {

/// Whoever keeps the catalog in service in step with the database. Thread-safe.
class Freshness {
 public:
  virtual ~Freshness() = default;
  /// Calls `caught_up` once, on any thread, when the snapshot in service has every change that was committed, and
  /// where it takes a notification was notified, before this call; or when it cannot get them. Dropped uncalled when
  /// the one who keeps it ends.
  virtual void catch_up(std::function<void()> caught_up) = 0;
  /// The schema has changed, and the snapshot in service is about to be replaced.
  virtual bool behind() const noexcept = 0;
};

}  // namespace ballast::catalog
