#include "idempotency/key_repository.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "idempotency/memory_key_repository.hpp"
#include "idempotency/sql_key_repository.hpp"
#include "storage/postgres/database.hpp"
#include "storage/postgres/test_cluster.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/test_support.hpp"
#include "storage/transaction.hpp"

namespace ballast::idempotency {
namespace {

using storage::Transaction;
using storage::postgres::testing::TestCluster;
using storage::testing::code_of;
using storage::testing::Loop;
using storage::testing::TemporaryFolder;

/// A repository and what it lives on.
struct Place {
  std::shared_ptr<void> resources;
  std::shared_ptr<storage::Storage> storage;  ///< null: in memory
  std::shared_ptr<records::Tables> tables;
  std::unique_ptr<KeyRepository> keys;
  std::function<void(Loop&, std::chrono::seconds)> pass;  ///< lets time pass for what is kept
};

Place memory() {
  const auto clock = std::make_shared<FakeClock>();
  return {.resources = clock,
          .keys = std::make_unique<MemoryKeyRepository>(*clock),
          .pass = [clock](Loop&, std::chrono::seconds time) { clock->advance(time); }};
}

/// The database's clock stands still for nobody, so time passes by moving what it is compared with.
Place in(std::unique_ptr<storage::Storage> opened, std::shared_ptr<void> resources, const std::string& earlier) {
  Place place{.resources = std::move(resources)};
  place.storage = storage::with_shared_transactions(std::move(opened));
  place.tables = std::make_shared<records::Tables>(*place.storage);
  place.keys = std::make_unique<SqlKeyRepository>(*place.storage, *place.tables);
  place.pass = [storage = place.storage.get(), earlier](Loop& loop, std::chrono::seconds time) {
    ASSERT_TRUE(loop.write(*storage, earlier + std::to_string(time.count())));
  };
  return place;
}

Place sqlite() {
  const auto folder = std::make_shared<TemporaryFolder>();
  return in(std::move(*storage::open_sqlite(folder->file("test.db"))), folder,
            "UPDATE ballast_idempotency_key SET expires_at = expires_at - ");
}

Place postgres_at(const std::string& connection) {
  storage::PostgresSettings settings;
  settings.connection = connection;
  settings.connections = 8;
  return in(std::move(*storage::open_postgres(settings)), nullptr,
            "UPDATE ballast.idempotency_key SET expires_at = expires_at - interval '1 second' * ");
}

Place postgres() { return postgres_at(TestCluster::shared().create_database()); }

class KeyRepositoryContract : public testing::TestWithParam<std::function<Place()>> {
 protected:
  KeyRepositoryContract() : place_(GetParam()()) { EXPECT_TRUE(loop_.wait(place_.keys->prepare(Loop::soon()))); }
  ~KeyRepositoryContract() override {
    if (place_.storage) place_.storage->close();
  }

  KeyRepository& keys() { return *place_.keys; }
  KeyState find(const Key& key) { return std::move(*loop_.wait(keys().find(key, Loop::soon()))); }
  std::string complete(const Key& key, const StoredAnswer& answer = {201, "a: b\n", "{}"}) {
    return code_of(loop_.wait(keys().complete(key, "print", answer, std::chrono::seconds(60), Loop::soon())));
  }

  Loop loop_;
  Place place_;
};

TEST_P(KeyRepositoryContract, KeepsWhatWasAnsweredByteForByte) {
  const Key key{"user:a", "k"};
  EXPECT_EQ(find(key).stage, KeyState::Stage::unknown);
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  const StoredAnswer answer{409, "Content-Type: x/y\nLocation: /\\z'\n", bytes};
  EXPECT_EQ(complete(key, answer), "ok");
  const KeyState state = find(key);
  EXPECT_EQ(state.stage, KeyState::Stage::done);
  EXPECT_EQ(state.fingerprint, "print");
  EXPECT_EQ(state.answer, answer);
}

TEST_P(KeyRepositoryContract, KeepsTheKeysOfEachScopeApart) {
  EXPECT_EQ(complete({"user:a", "k"}), "ok");
  EXPECT_EQ(find({"user:b", "k"}).stage, KeyState::Stage::unknown);
  EXPECT_EQ(complete({"user:b", "k"}), "ok");
}

TEST_P(KeyRepositoryContract, NoticesAnotherWhoWasFaster) {
  EXPECT_EQ(complete({"user:a", "k"}), "ok");
  EXPECT_EQ(complete({"user:a", "k"}, {500, "", ""}), claimed_meanwhile);
  EXPECT_EQ(find({"user:a", "k"}).answer.status, 201);
}

TEST_P(KeyRepositoryContract, ForgetsWhatHasExpired) {
  const Key key{"user:a", "k"};
  EXPECT_EQ(complete(key), "ok");
  place_.pass(loop_, std::chrono::seconds(58));
  EXPECT_EQ(find(key).stage, KeyState::Stage::done);
  place_.pass(loop_, std::chrono::seconds(3));
  EXPECT_EQ(find(key).stage, KeyState::Stage::unknown);
  EXPECT_EQ(loop_.wait(keys().claim(key, Loop::soon()))->stage, KeyState::Stage::unknown);
  EXPECT_EQ(complete(key, {202, "", ""}), "ok");
  EXPECT_EQ(find(key).answer.status, 202);
}

TEST_P(KeyRepositoryContract, TakesAKeyThatIsFreeAlone) {
  const Key key{"user:a", "k"};
  EXPECT_TRUE(*loop_.wait(keys().take(key, Loop::soon())));
  EXPECT_EQ(loop_.wait(keys().kept(key, Loop::soon()))->stage, KeyState::Stage::unknown);
  EXPECT_EQ(complete(key), "ok");
  EXPECT_FALSE(*loop_.wait(keys().take(key, Loop::soon())));
  EXPECT_EQ(loop_.wait(keys().kept(key, Loop::soon()))->answer.status, 201);
}

TEST_P(KeyRepositoryContract, PrunesWhatHasExpiredInSmallBatches) {
  for (const char* name : {"a", "b", "c"}) EXPECT_EQ(complete({"user:a", name}), "ok");
  const auto prune = [this](std::int64_t most) { return *loop_.wait(keys().prune(most, Loop::soon())); };
  EXPECT_EQ(prune(10), 0);
  place_.pass(loop_, std::chrono::seconds(61));
  EXPECT_EQ(complete({"user:a", "d"}), "ok");
  EXPECT_EQ(prune(2), 2);
  EXPECT_EQ(prune(2), 1);
  EXPECT_EQ(prune(2), 0);
  EXPECT_EQ(find({"user:a", "d"}).stage, KeyState::Stage::done);
}

INSTANTIATE_TEST_SUITE_P(Memory, KeyRepositoryContract, testing::Values(memory));
INSTANTIATE_TEST_SUITE_P(Sqlite, KeyRepositoryContract, testing::Values(sqlite));
INSTANTIATE_TEST_SUITE_P(Postgres, KeyRepositoryContract, testing::Values(postgres));

/// Does something else while a transaction holds the key.
boost::asio::awaitable<Result<Transaction::Ending>> claim_and(KeyRepository& keys, Key key, Transaction& transaction,
                                                              std::function<void()> meanwhile) {
  storage::Context own = Loop::soon();
  own.within = &transaction;
  const auto first = co_await keys.claim(key, own);
  if (!first) co_return first.error();
  meanwhile();
  co_return Transaction::Ending::rollback;
}

TEST(SqlKeyRepository, TellsThatAKeyIsInFlightAndWaitsForNobody) {
  const std::string connection = TestCluster::shared().create_database();
  Place here = postgres_at(connection);
  Place there = postgres_at(connection);
  Loop loop;
  const Key key{"user:a", "k"};
  ASSERT_TRUE(loop.wait(here.keys->prepare(Loop::soon())));
  KeyState::Stage claimed = KeyState::Stage::unknown;
  KeyState::Stage found = KeyState::Stage::unknown;
  bool taken = true;
  Loop other;
  ASSERT_TRUE(other.wait(there.keys->prepare(Loop::soon())));
  const auto meanwhile = [&] {
    claimed = other.wait(there.keys->claim(key, Loop::soon()))->stage;
    found = other.wait(there.keys->find(key, Loop::soon()))->stage;
    taken = *other.wait(there.keys->take(key, Loop::soon()));
  };
  const Transaction::Body body = [&](Transaction& transaction) {
    return claim_and(*here.keys, key, transaction, meanwhile);
  };
  EXPECT_EQ(code_of(loop.wait(Transaction::run(*here.storage, body, Loop::soon()))), "ok");
  EXPECT_EQ(claimed, KeyState::Stage::in_flight);
  EXPECT_EQ(found, KeyState::Stage::in_flight);
  EXPECT_FALSE(taken);
  EXPECT_EQ(loop.wait(here.keys->find(key, Loop::soon()))->stage, KeyState::Stage::unknown);
  here.storage->close();
  there.storage->close();
}

}  // namespace
}  // namespace ballast::idempotency
