#include "locks/memory_lease_repository.hpp"

#include <algorithm>

namespace ballast::locks {

using boost::asio::awaitable;
using std::chrono::milliseconds;

Lease* MemoryLeaseRepository::current(const std::string& name) {
  const auto found = leases_.find(name);
  if (found == leases_.end() || found->second.expires_at <= clock_.wall()) return nullptr;
  found->second.left = std::chrono::duration_cast<milliseconds>(found->second.expires_at - clock_.wall());
  return &found->second;
}

Lease* MemoryLeaseRepository::current(const Grip& grip) {
  Lease* const lease = current(grip.name);
  return lease != nullptr && lease->token == grip.token && lease->owner == grip.owner ? lease : nullptr;
}

void MemoryLeaseRepository::set_end(Lease& lease, milliseconds ttl) const {
  lease.expires_at = clock_.wall() + ttl;
  lease.left = ttl;
}

awaitable<Result<Attempt>> MemoryLeaseRepository::acquire(Claim claim, storage::Context) {
  if (const Lease* const holder = current(claim.name)) co_return Attempt{Attempt::Outcome::held, *holder};
  std::erase_if(leases_, [&](const auto& entry) { return entry.second.expires_at <= clock_.wall(); });
  const auto held = std::count_if(leases_.begin(), leases_.end(),
                                  [&](const auto& entry) { return entry.second.owner == claim.owner; });
  if (static_cast<std::size_t>(held) >= claim.most) co_return Attempt{Attempt::Outcome::too_many, {}};
  Lease& lease = leases_[claim.name];
  lease = {.name = claim.name, .token = ++last_token_, .owner = claim.owner};
  set_end(lease, claim.ttl);
  co_return Attempt{Attempt::Outcome::granted, lease};
}

awaitable<Result<std::optional<Lease>>> MemoryLeaseRepository::renew(Grip grip, milliseconds ttl, storage::Context) {
  Lease* const lease = current(grip);
  if (lease == nullptr) co_return std::optional<Lease>();
  set_end(*lease, ttl);
  co_return std::optional<Lease>(*lease);
}

awaitable<Result<bool>> MemoryLeaseRepository::release(Grip grip, storage::Context) {
  if (current(grip) == nullptr) co_return false;
  leases_.erase(grip.name);
  co_return true;
}

awaitable<Result<std::optional<Lease>>> MemoryLeaseRepository::find(std::string name, storage::Context) {
  const Lease* const lease = current(name);
  co_return lease == nullptr ? std::optional<Lease>() : std::optional<Lease>(*lease);
}

awaitable<Result<void>> MemoryLeaseRepository::prepare(storage::Context) { co_return Result<void>(); }

awaitable<Result<bool>> MemoryLeaseRepository::check_fence(std::string name, std::int64_t token, storage::Context) {
  const Lease* const lease = current(name);
  co_return lease != nullptr && lease->token == token;
}

}  // namespace ballast::locks
