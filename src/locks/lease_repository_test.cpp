#include "locks/lease_suite.hpp"
#include "locks/memory_lease_repository.hpp"
#include "locks/sql_lease_repository.hpp"
#include "storage/memory/fake_storage.hpp"
#include "storage/postgres/database.hpp"
#include "storage/postgres/test_cluster.hpp"
#include "storage/sqlite/database.hpp"

namespace ballast::locks::testing {
namespace {

using storage::postgres::testing::TestCluster;
using storage::testing::TemporaryFolder;

std::unique_ptr<Place> memory_place(Loop&) {
  auto clock = std::make_shared<FakeClock>();
  auto place = std::make_unique<Place>();
  auto repository = std::make_unique<MemoryLeaseRepository>(*clock);
  place->kept = [leases = repository.get()] { return leases->kept(); };
  place->pass = [clock](std::chrono::milliseconds time) { clock->advance(time); };
  place->repository = std::move(repository);
  place->resources = {clock};
  return place;
}

/// The database's clock stands still for nobody, so time passes by moving what it is compared with.
std::unique_ptr<Place> sql_place(Loop& loop, std::shared_ptr<storage::Storage> storage, const std::string& table,
                                 const std::string& millisecond) {
  auto place = std::make_unique<Place>();
  place->resources.push_back(std::shared_ptr<void>(nullptr, [storage](void*) { storage->close(); }));
  const auto tables = std::make_shared<records::Tables>(*storage);
  place->resources.push_back(tables);
  place->repository = std::make_unique<SqlLeaseRepository>(*storage, *tables);
  place->kept = [&loop, storage, table] { return std::stoul(loop.rows(*storage, "SELECT count(*) FROM " + table)); };
  place->pass = [&loop, storage, table, millisecond](std::chrono::milliseconds time) {
    const std::string by = std::to_string(time.count()) + " * " + millisecond;
    ASSERT_TRUE(loop.write(*storage, "UPDATE " + table + " SET expires_at = expires_at - " + by));
  };
  return place;
}

std::unique_ptr<Place> sqlite_place(Loop& loop) {
  const auto folder = std::make_shared<TemporaryFolder>();
  auto place = sql_place(loop, std::move(*storage::open_sqlite(folder->file("test.db"))), "ballast_lease", "1");
  place->resources.insert(place->resources.begin(), folder);
  return place;
}

std::shared_ptr<storage::Storage> connect(const std::string& connection) {
  storage::PostgresSettings settings;
  settings.connection = connection;
  settings.connections = 16;
  return std::move(*storage::open_postgres(settings));
}

std::unique_ptr<Place> postgres_place(Loop& loop) {
  return sql_place(loop, connect(TestCluster::shared().create_database()), "ballast.lease", "interval '1 ms'");
}

INSTANTIATE_TEST_SUITE_P(Memory, LeaseContract, ::testing::Values(memory_place));
INSTANTIATE_TEST_SUITE_P(Sqlite, LeaseContract, ::testing::Values(sqlite_place));
INSTANTIATE_TEST_SUITE_P(Postgres, LeaseContract, ::testing::Values(postgres_place));

class PostgresLeases : public ::testing::Test {
 protected:
  PostgresLeases() : connection_(TestCluster::shared().create_database()), storage_(connect(connection_)) {}
  ~PostgresLeases() override { storage_->close(); }

  Attempt acquire(const std::string& owner) {
    return loop_.wait(leases_.acquire({"seat", owner, 30s, 10}, Loop::soon())).value();
  }

  Loop loop_;
  std::string connection_;
  std::shared_ptr<storage::Storage> storage_;
  records::Tables tables_{*storage_};
  SqlLeaseRepository leases_{*storage_, tables_};
};

/// A connection with a transaction of its own.
class Transaction {
 public:
  explicit Transaction(const std::string& connection) : session_(PQconnectdb(connection.c_str()), PQfinish) {
    run("BEGIN");
  }
  int run(const std::string& sql) {
    const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(session_.get(), sql.c_str()), PQclear);
    return PQntuples(result.get());
  }

 private:
  std::unique_ptr<PGconn, void (*)(PGconn*)> session_;
};

TEST_F(PostgresLeases, KeepsANameForAWriteThatPassedItsFence) {
  const std::int64_t token = acquire("ann").lease.token;
  Transaction write(connection_);
  EXPECT_EQ(write.run("SELECT 1 FROM ballast.lease WHERE name = 'seat' AND token = " + std::to_string(token) +
                      " AND expires_at > clock_timestamp() FOR KEY SHARE"),
            1);
  EXPECT_TRUE(*loop_.wait(leases_.renew({"seat", token, "ann"}, 30s, Loop::soon())));
  TestCluster::query(connection_, "UPDATE ballast.lease SET expires_at = now() - interval '1 second'");
  const Attempt refused = acquire("bob");
  EXPECT_EQ(refused.outcome, Outcome::held);
  EXPECT_EQ(refused.lease.owner, "ann");
  EXPECT_EQ(refused.lease.left, 0ms);
  write.run("COMMIT");
  const Attempt next = acquire("bob");
  EXPECT_EQ(next.outcome, Outcome::granted);
  EXPECT_GT(next.lease.token, token);
}

TEST_F(PostgresLeases, DrawsATokenWhileNobodyElseCanHaveTheName) {
  ASSERT_TRUE(loop_.wait(leases_.prepare(Loop::soon())));
  // Who holds the name's advisory lock has drawn its token; the next one is drawn afterwards, so that it is larger.
  Transaction earlier(connection_);
  earlier.run("SELECT pg_advisory_xact_lock(1634954604, hashtext('seat'))");
  std::optional<Attempt> later;
  const std::function take = [&later](Result<Attempt> attempt) { later = std::move(attempt).value(); };
  boost::asio::co_spawn(loop_.context, tell(leases_.acquire({"seat", "bob", 30s, 10}, Loop::soon()), take),
                        boost::asio::detached);
  const auto waits = [&] {
    return TestCluster::query(connection_, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
  };
  loop_.context.restart();
  while (waits() == "0") loop_.context.run_one_for(10ms);
  EXPECT_EQ(TestCluster::query(connection_, "SELECT is_called FROM ballast.lease_token_seq"), "f");
  earlier.run(
      "INSERT INTO ballast.lease (name, owner, expires_at) VALUES ('seat', 'ann', now() + interval '1 minute')");
  earlier.run("COMMIT");
  while (!later) loop_.context.run_one();
  EXPECT_EQ(later->outcome, Outcome::held);
  EXPECT_EQ(later->lease.owner, "ann");
}

TEST_F(PostgresLeases, WorkWhereTransactionsAreSerializableByDefault) {
  const auto storage = connect(connection_ + " options='-c default_transaction_isolation=serializable'");
  records::Tables tables(*storage);
  SqlLeaseRepository leases(*storage, tables);
  const auto outcomes = acquire_all(loop_, leases, std::vector<Claim>(8, Claim{"seat", "a", 30s, 100}));
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), Outcome::granted), 1);
  storage->close();
}

TEST(SqlLeases, SurviveThatTheDatabaseIsExchangedUnderThem) {
  const TemporaryFolder folder;
  Loop loop;
  const auto storage = std::move(*storage::open_sqlite(folder.file("test.db")));
  records::Tables tables(*storage, records::migrations().first(1));
  SqlLeaseRepository leases(*storage, tables);
  ASSERT_TRUE(loop.wait(leases.prepare(Loop::soon())));
  ASSERT_TRUE(loop.write(*storage, "DROP TABLE ballast_lease"));
  ASSERT_TRUE(loop.write(*storage, "DROP TABLE ballast_version"));
  const auto lost = loop.wait(leases.find("seat", Loop::soon()));
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().status, 503);
  EXPECT_EQ(loop.wait(leases.acquire({"seat", "a", 30s, 1}, Loop::soon()))->outcome, Outcome::granted);
  storage->close();
}

TEST(SqlLeases, AnswerEveryFailureOfTheDatabase) {
  for (std::size_t at = 0;; ++at) {
    storage::FakeStorage storage;
    storage.answer = [](const sql::Statement& statement) -> std::optional<storage::FakeStorage::Answer> {
      using sql::Cell;
      const auto integer = [](std::int64_t value) { return Cell{.kind = Cell::Kind::integer, .integer = value}; };
      if (statement.text.starts_with("SELECT 1, count"))
        return storage::FakeStorage::Answer{.rows = {{integer(1), integer(0)}}};
      if (!statement.text.starts_with("INSERT INTO ballast_lease")) return std::nullopt;
      return storage::FakeStorage::Answer{
          .rows = {{integer(7), Cell{.kind = Cell::Kind::text, .text = "ann"}, integer(1000), integer(500)}}};
    };
    storage.fail_at = at;
    records::Tables tables(storage);
    SqlLeaseRepository leases(storage, tables);
    Loop loop;
    const auto attempt = loop.wait(leases.acquire({"seat", "ann", 30s, 1}, Loop::soon()));
    if (!storage.failed) {
      ASSERT_TRUE(attempt);
      EXPECT_EQ(attempt->lease.token, 7);
      EXPECT_GT(at, 5U);
      return;
    }
    ASSERT_FALSE(attempt);
    EXPECT_EQ(attempt.error().code, "BLST605");
  }
}

}  // namespace
}  // namespace ballast::locks::testing
