#pragma once

#include <map>

#include "base/clock.hpp"
#include "locks/lease_repository.hpp"

namespace ballast::locks {

/// Leases without a database, for tests of what uses them. One thread.
class MemoryLeaseRepository final : public LeaseRepository {
 public:
  /// `clock` outlives the repository.
  explicit MemoryLeaseRepository(const Clock& clock) : clock_(clock) {}

  boost::asio::awaitable<Result<Attempt>> acquire(Claim claim, storage::Context context) override;
  boost::asio::awaitable<Result<std::optional<Lease>>> renew(Grip grip, std::chrono::milliseconds ttl,
                                                             storage::Context context) override;
  boost::asio::awaitable<Result<bool>> release(Grip grip, storage::Context context) override;
  boost::asio::awaitable<Result<std::optional<Lease>>> find(std::string name, storage::Context context) override;
  boost::asio::awaitable<Result<void>> prepare(storage::Context context) override;
  boost::asio::awaitable<Result<bool>> check_fence(std::string name, std::int64_t token,
                                                   storage::Context context) override;

  std::size_t kept() const noexcept { return leases_.size(); }

 private:
  /// Null when there is none that is current.
  Lease* current(const std::string& name);
  Lease* current(const Grip& grip);
  void set_end(Lease& lease, std::chrono::milliseconds ttl) const;

  const Clock& clock_;
  std::map<std::string, Lease> leases_;
  std::int64_t last_token_ = 0;
};

}  // namespace ballast::locks
