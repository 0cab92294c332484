#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "http/handler.hpp"
#include "idempotency/in_flight.hpp"
#include "idempotency/key_repository.hpp"
#include "idempotency/recent_keys.hpp"
#include "idempotency/settings.hpp"
#include "locks/lease_repository.hpp"
#include "storage/storage.hpp"
#include "storage/transaction.hpp"

namespace ballast::idempotency {

/// Makes a write and what it depends on one transaction: the key that it is done only once by (`Idempotency-Key`),
/// and the lease that it is done under (`Ballast-Fence`). The key's row, the effect and the stored answer are committed
/// together; a lease that is not current any more lets nothing happen. Requests that name neither are passed on as
/// they are. Thread-safe.
class Guard {
 public:
  struct Parts {
    storage::Storage& storage;
    KeyRepository* keys = nullptr;             ///< null: no keys
    locks::LeaseRepository* leases = nullptr;  ///< null: writes that name a lease are refused
    std::size_t max_lease_name = 128;
    bool anonymous_leases = false;  ///< callers without credentials may hold leases, and so write under them
    http::Handler handler;          ///< what is guarded
    std::function<bool(std::string_view path)> guards;  ///< paths whose writes are transactions
    http::ErrorRenderer render;
    Settings settings;
  };
  explicit Guard(Parts parts) : parts_(std::move(parts)) {}

  http::Reply handle(http::Request& request);
  /// Is this process executing the key's request?
  bool executes(const Key& key) const { return in_flight_.holds(key); }

 private:
  struct Terms;
  struct Work;

  bool requires_key(const http::Request& request) const;
  Result<Terms> terms_of(const http::Request& request) const;
  http::Reply guarded(http::Request& request);
  boost::asio::awaitable<http::Response> run(Work& work);
  /// Until the key is free or the patience is over. False: it is still taken.
  boost::asio::awaitable<bool> enter(Work& work);
  boost::asio::awaitable<Result<storage::Transaction::Ending>> attempt(Work& work, storage::Transaction& transaction);
  /// What an attempt consists of, in this order. Each part is false when the attempt ends with it, which `ending_of`
  /// then tells the reason of.
  enum class Part : std::uint8_t { key, fence, execution };
  boost::asio::awaitable<bool> take_part(Work& work, Part part, storage::Transaction& transaction);
  boost::asio::awaitable<bool> take(Work& work, storage::Transaction& transaction);
  boost::asio::awaitable<bool> claim(Work& work, storage::Transaction& transaction);
  boost::asio::awaitable<bool> check_fence(Work& work, storage::Transaction& transaction);
  boost::asio::awaitable<bool> execute(Work& work, storage::Transaction& transaction);
  static bool refuse(Work& work, Error error);
  static Result<storage::Transaction::Ending> ending_of(const Work& work);
  boost::asio::awaitable<Result<storage::Transaction::Ending>> keep(Work& work, StoredAnswer answer,
                                                                    storage::Transaction& transaction);
  boost::asio::awaitable<http::Response> replay(Work& work);
  boost::asio::awaitable<http::Response> ask_handler(Work& work, storage::Transaction& within);
  boost::asio::awaitable<void> prune();

  const Parts parts_;
  InFlight in_flight_;
  RecentKeys recent_;
  std::atomic<TimePoint::rep> next_prune_{0};
};

}  // namespace ballast::idempotency
