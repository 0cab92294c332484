#include "idempotency/memory_key_repository.hpp"

#include <iterator>

namespace ballast::idempotency {

using boost::asio::awaitable;

awaitable<Result<void>> MemoryKeyRepository::prepare(storage::Context) { co_return Result<void>(); }

awaitable<Result<KeyState>> MemoryKeyRepository::claim(Key key, storage::Context context) {
  return find(std::move(key), context);
}

awaitable<Result<bool>> MemoryKeyRepository::take(Key key, storage::Context context) {
  auto state = co_await find(std::move(key), context);
  co_return state->stage == KeyState::Stage::unknown;
}

awaitable<Result<KeyState>> MemoryKeyRepository::kept(Key key, storage::Context context) {
  return find(std::move(key), context);
}

awaitable<Result<void>> MemoryKeyRepository::complete(Key key, std::string fingerprint, StoredAnswer answer,
                                                      std::chrono::seconds ttl, storage::Context) {
  Row& row = rows_[{std::move(key.scope), std::move(key.text)}];
  if (row.state.stage == KeyState::Stage::done && clock_.now() < row.expires) {
    co_return make_error(409, claimed_meanwhile, "the key was claimed meanwhile");
  }
  row = {{KeyState::Stage::done, std::move(fingerprint), std::move(answer)}, clock_.now() + ttl};
  co_return Result<void>();
}

awaitable<Result<KeyState>> MemoryKeyRepository::find(Key key, storage::Context) {
  const auto found = rows_.find({std::move(key.scope), std::move(key.text)});
  if (found == rows_.end() || clock_.now() >= found->second.expires) co_return KeyState{};
  co_return found->second.state;
}

awaitable<Result<std::int64_t>> MemoryKeyRepository::prune(std::int64_t most, storage::Context) {
  std::int64_t gone = 0;
  for (auto row = rows_.begin(); row != rows_.end() && gone < most;) {
    const bool over = clock_.now() >= row->second.expires;
    gone += over ? 1 : 0;
    row = over ? rows_.erase(row) : std::next(row);
  }
  co_return gone;
}

}  // namespace ballast::idempotency
