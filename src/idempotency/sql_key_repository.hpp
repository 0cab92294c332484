#pragma once

#include "idempotency/key_repository.hpp"
#include "records/tables.hpp"

namespace ballast::idempotency {

/// Keys in the user's database. Thread-safe.
class SqlKeyRepository final : public KeyRepository {
 public:
  /// Both outlive the repository.
  SqlKeyRepository(storage::Storage& storage, records::Tables& tables) : storage_(storage), tables_(tables) {}

  boost::asio::awaitable<Result<void>> prepare(storage::Context context) override;
  boost::asio::awaitable<Result<KeyState>> claim(Key key, storage::Context context) override;
  boost::asio::awaitable<Result<bool>> take(Key key, storage::Context context) override;
  boost::asio::awaitable<Result<void>> complete(Key key, std::string fingerprint, StoredAnswer answer,
                                                std::chrono::seconds ttl, storage::Context context) override;
  boost::asio::awaitable<Result<KeyState>> find(Key key, storage::Context context) override;
  boost::asio::awaitable<Result<KeyState>> kept(Key key, storage::Context context) override;
  boost::asio::awaitable<Result<std::int64_t>> prune(std::int64_t most, storage::Context context) override;

 private:
  bool postgres() const noexcept { return storage_.dialect().engine() == sql::Engine::postgres; }
  Error understand(Error error);
  boost::asio::awaitable<Result<KeyState>> read(sql::Statement statement, storage::Context context);

  storage::Storage& storage_;
  records::Tables& tables_;
};

}  // namespace ballast::idempotency
