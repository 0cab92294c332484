#pragma once

#include <map>
#include <utility>

#include "base/clock.hpp"
#include "idempotency/key_repository.hpp"

namespace ballast::idempotency {

/// Keys without a database, for tests of what uses them. Its transactions come one after the other, so that no key is
/// ever in flight. One thread.
class MemoryKeyRepository final : public KeyRepository {
 public:
  /// The clock outlives the repository.
  explicit MemoryKeyRepository(const Clock& clock) : clock_(clock) {}

  boost::asio::awaitable<Result<void>> prepare(storage::Context context) override;
  boost::asio::awaitable<Result<KeyState>> claim(Key key, storage::Context context) override;
  boost::asio::awaitable<Result<bool>> take(Key key, storage::Context context) override;
  boost::asio::awaitable<Result<void>> complete(Key key, std::string fingerprint, StoredAnswer answer,
                                                std::chrono::seconds ttl, storage::Context context) override;
  boost::asio::awaitable<Result<KeyState>> find(Key key, storage::Context context) override;
  boost::asio::awaitable<Result<KeyState>> kept(Key key, storage::Context context) override;
  boost::asio::awaitable<Result<std::int64_t>> prune(std::int64_t most, storage::Context context) override;

 private:
  struct Row {
    KeyState state;
    TimePoint expires;
  };
  const Clock& clock_;
  std::map<std::pair<std::string, std::string>, Row> rows_;
};

}  // namespace ballast::idempotency
