#pragma once

#include "http/request.hpp"
#include "locks/lease_repository.hpp"
#include "locks/settings.hpp"

namespace ballast::locks {

/// What a request to `/locks/v1/{name}` says. Everything that is not as expected is 400 BLST810, a body of another type
/// 415 BLST415.
struct LeaseRequest {
  std::string name;
  std::optional<std::chrono::milliseconds> ttl;
  std::chrono::milliseconds wait{0};
  std::int64_t token = 0;
};

/// POST `{"ttl": SECONDS, "wait": SECONDS}`, both optional.
Result<LeaseRequest> read_acquire(const http::Request& request, const Settings& settings);
/// PUT `{"token": N, "ttl": SECONDS}`, the latter optional.
Result<LeaseRequest> read_renew(const http::Request& request, const Settings& settings);
/// DELETE `{"token": N}`.
Result<LeaseRequest> read_release(const http::Request& request, const Settings& settings);
/// The name, and `?token=N` when it is that lease that is asked for.
Result<LeaseRequest> read_find(const http::Request& request, const Settings& settings);

}  // namespace ballast::locks
