#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>

#include "base/result.hpp"
#include "locks/lease.hpp"
#include "storage/storage.hpp"

namespace ballast::locks {

/// What a caller wants.
struct Claim {
  std::string name;
  std::string owner;
  std::chrono::milliseconds ttl{0};
  std::size_t most = 0;  ///< leases that the owner may hold
};

/// What a caller says it has.
struct Grip {
  std::string name;
  std::int64_t token = 0;
  std::string owner;
};

struct Attempt {
  enum class Outcome : std::uint8_t { granted, held, too_many };
  Outcome outcome = Outcome::granted;
  Lease lease;  ///< granted: the new one; held: the one in the way, whose time may be over while a write still needs it
};

/// Where leases are kept. A lease that is over is as good as none, whether or not its row is still there.
/// What is asked is asked as the connection's own user, never as the request's role.
class LeaseRepository {
 public:
  virtual ~LeaseRepository() = default;

  virtual boost::asio::awaitable<Result<Attempt>> acquire(Claim claim, storage::Context context) = 0;
  /// Ends `ttl` from now. Empty: the lease is not current, or another's.
  virtual boost::asio::awaitable<Result<std::optional<Lease>>> renew(Grip grip, std::chrono::milliseconds ttl,
                                                                     storage::Context context) = 0;
  /// False: the lease is not current, or another's.
  virtual boost::asio::awaitable<Result<bool>> release(Grip grip, storage::Context context) = 0;
  virtual boost::asio::awaitable<Result<std::optional<Lease>>> find(std::string name, storage::Context context) = 0;

  /// Makes what the other calls need (tables), in transactions of its own. Whoever calls them inside of a transaction
  /// calls this before beginning it.
  virtual boost::asio::awaitable<Result<void>> prepare(storage::Context context) = 0;
  /// Is the lease current? In the transaction of a write: if so, nobody else is given the name before that
  /// transaction ends; if not, the transaction may be broken. One statement; renewals do not wait for it.
  virtual boost::asio::awaitable<Result<bool>> check_fence(std::string name, std::int64_t token,
                                                           storage::Context context) = 0;
};

}  // namespace ballast::locks
