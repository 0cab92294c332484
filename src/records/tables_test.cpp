#include "records/tables.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "storage/memory/fake_storage.hpp"
#include "storage/postgres/database.hpp"
#include "storage/postgres/test_cluster.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/test_support.hpp"

namespace ballast::records {
namespace {

using storage::postgres::testing::TestCluster;
using storage::testing::code_of;
using storage::testing::Loop;
using storage::testing::TemporaryFolder;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

/// A database on which several processes can be played: each has a storage of its own.
struct Engine {
  std::function<std::unique_ptr<storage::Storage>()> open;
  std::string prefix;  ///< of Ballast's tables
  std::shared_ptr<void> resources;
};

Engine sqlite_engine() {
  auto folder = std::make_shared<TemporaryFolder>();
  return {[folder] { return std::move(*storage::open_sqlite(folder->file("test.db"))); }, "ballast_", folder};
}

std::unique_ptr<storage::Storage> connect(const std::string& connection) {
  storage::PostgresSettings settings;
  settings.connection = connection;
  settings.connections = 8;
  return std::move(*storage::open_postgres(settings));
}

Engine postgres_engine() {
  const std::string connection = TestCluster::shared().create_database();
  return {[connection] { return connect(connection); }, "ballast.", nullptr};
}

/// As an operator may have it for a whole database.
Engine serializable_engine() {
  const std::string connection =
      TestCluster::shared().create_database() + " options='-c default_transaction_isolation=serializable'";
  return {[connection] { return connect(connection); }, "ballast.", nullptr};
}

constexpr std::array first{Migration{"CREATE TABLE ballast_a (x INTEGER);", "CREATE TABLE ballast.a (x integer);"}};
constexpr std::array second{first[0],
                            Migration{"CREATE TABLE ballast_b (x INTEGER); INSERT INTO ballast_b VALUES (7);",
                                      "CREATE TABLE ballast.b (x integer); INSERT INTO ballast.b VALUES (7);"}};
constexpr std::array broken{first[0],
                            Migration{"CREATE TABLE ballast_b (x INTEGER); INSERT INTO ballast_c VALUES (7);",
                                      "CREATE TABLE ballast.b (x integer); INSERT INTO ballast.c VALUES (7);"}};

class TablesContract : public testing::TestWithParam<std::function<Engine()>> {
 protected:
  TablesContract() : engine_(GetParam()()), storage_(engine_.open()) {}
  ~TablesContract() override { storage_->close(); }

  std::string ensure(Tables& tables) { return code_of(loop_.wait(tables.ensure(Loop::soon().deadline))); }
  std::string ensure(std::span<const Migration> migrations) {
    Tables tables(*storage_, migrations);
    return ensure(tables);
  }
  /// By several processes at once.
  std::vector<std::string> ensure_all(std::span<const Migration> migrations) {
    std::vector<std::unique_ptr<storage::Storage>> storages;
    std::vector<std::unique_ptr<Tables>> tables;
    std::vector<std::string> codes(4);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      tables.push_back(std::make_unique<Tables>(*storages.emplace_back(engine_.open()), migrations));
      boost::asio::co_spawn(loop_.context, tables.back()->ensure(Loop::soon().deadline),
                            [&codes, i](std::exception_ptr thrown, Result<void> result) {
                              codes[i] = thrown ? "thrown" : code_of(result);
                            });
    }
    loop_.context.restart();
    loop_.context.run();
    for (auto& storage : storages) storage->close();
    return codes;
  }
  std::string rows_of(const std::string& table, const std::string& columns = "*") {
    return loop_.rows(*storage_, "SELECT " + columns + " FROM " + engine_.prefix + table);
  }

  Loop loop_;
  Engine engine_;
  std::unique_ptr<storage::Storage> storage_;
};

TEST_P(TablesContract, MakesNothingBeforeItIsAsked) {
  const Tables tables(*storage_);
  EXPECT_EQ(rows_of("version"), "42P01");
}

TEST_P(TablesContract, MakesEveryTableAndNotesItsVersion) {
  EXPECT_EQ(ensure(second), "ok");
  EXPECT_EQ(rows_of("version", "version"), "2");
  EXPECT_EQ(rows_of("a"), "");
  EXPECT_EQ(rows_of("b"), "7");
}

TEST_P(TablesContract, MakesTheTablesOfThisProgram) {
  Tables tables(*storage_);
  EXPECT_EQ(ensure(tables), "ok");
  EXPECT_EQ(rows_of("version", "version"), std::to_string(migrations().size()));
  EXPECT_EQ(rows_of("lease", "name"), "");
}

TEST_P(TablesContract, AddsWhatANewerProgramNeeds) {
  ASSERT_EQ(ensure(first), "ok");
  EXPECT_EQ(rows_of("b"), "42P01");
  EXPECT_EQ(ensure(second), "ok");
  EXPECT_EQ(rows_of("version", "version"), "2");
  EXPECT_EQ(rows_of("b"), "7");
}

TEST_P(TablesContract, LeavesTablesOfItsOwnVersionAlone) {
  ASSERT_EQ(ensure(second), "ok");
  EXPECT_EQ(ensure(second), "ok");
  EXPECT_EQ(rows_of("b"), "7");
}

TEST_P(TablesContract, RefusesTablesOfANewerProgram) {
  ASSERT_EQ(ensure(second), "ok");
  Tables older(*storage_, first);
  const auto refused = loop_.wait(older.ensure(Loop::soon().deadline));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "BLST802");
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr("version 2"), HasSubstr("version 1")));
  EXPECT_EQ(rows_of("version", "version"), "2");
}

TEST_P(TablesContract, LeavesNothingOfAMigrationThatFails) {
  ASSERT_EQ(ensure(first), "ok");
  EXPECT_EQ(ensure(broken), "42P01");
  EXPECT_EQ(rows_of("version", "version"), "1");
  EXPECT_EQ(rows_of("b"), "42P01");
}

TEST_P(TablesContract, LetsSeveralProcessesComeAtOnce) {
  EXPECT_THAT(ensure_all(second), Each("ok"));
  EXPECT_EQ(rows_of("b"), "7");
}

TEST_P(TablesContract, LetsSeveralProcessesBringThemUpToDateAtOnce) {
  ASSERT_EQ(ensure(first), "ok");
  EXPECT_THAT(ensure_all(second), Each("ok"));
  EXPECT_EQ(rows_of("b"), "7");
}

TEST_P(TablesContract, MakesThemAgainOnceTheyWereFoundToBeGone) {
  Tables tables(*storage_, first);
  ASSERT_EQ(ensure(tables), "ok");
  ASSERT_TRUE(loop_.write(*storage_, "DROP TABLE " + engine_.prefix + "a"));
  ASSERT_TRUE(loop_.write(*storage_, "DROP TABLE " + engine_.prefix + "version"));
  EXPECT_EQ(ensure(tables), "ok");
  EXPECT_EQ(rows_of("a"), "42P01");
  tables.forget();
  EXPECT_EQ(ensure(tables), "ok");
  EXPECT_EQ(rows_of("a"), "");
}

TEST_P(TablesContract, ShowsThemToNobody) {
  ASSERT_TRUE(loop_.write(*storage_, "CREATE TABLE items (id integer PRIMARY KEY)"));
  Tables tables(*storage_);
  ASSERT_EQ(ensure(tables), "ok");
  const auto snapshot = storage_->introspect();
  ASSERT_TRUE(snapshot);
  std::vector<std::string> names;
  for (const auto& relation : (*snapshot)->relations()) names.push_back(relation.schema + "." + relation.name);
  EXPECT_THAT(names, testing::ElementsAre("public.items"));
}

INSTANTIATE_TEST_SUITE_P(Sqlite, TablesContract, testing::Values(sqlite_engine));
INSTANTIATE_TEST_SUITE_P(Postgres, TablesContract, testing::Values(postgres_engine));
INSTANTIATE_TEST_SUITE_P(SerializablePostgres, TablesContract, testing::Values(serializable_engine));

TEST(Tables, AsksTheDatabaseOnce) {
  storage::FakeStorage storage;
  storage.answer = [](const sql::Statement& statement) -> std::optional<storage::FakeStorage::Answer> {
    if (!statement.text.starts_with("SELECT 1,")) return std::nullopt;
    return storage::FakeStorage::Answer{
        .rows = {{{.kind = sql::Cell::Kind::integer, .integer = 1}, {.kind = sql::Cell::Kind::integer, .integer = 0}}}};
  };
  storage.restarts = 1;
  Tables tables(storage, first);
  Loop loop;
  ASSERT_TRUE(loop.wait(tables.ensure(Loop::soon().deadline)));
  const std::size_t operations = storage.operations;
  ASSERT_TRUE(loop.wait(tables.ensure(Loop::soon().deadline)));
  EXPECT_EQ(storage.operations, operations);
  EXPECT_EQ(storage.commits, 1U);
}

TEST(Tables, SaysWhatToGrantWhereTheUserMayNotMakeThem) {
  auto& cluster = TestCluster::shared();
  const std::string admin = cluster.create_database("CREATE ROLE humble LOGIN");
  const std::string name = admin.substr(admin.rfind('=') + 1);
  const auto storage = connect(cluster.connection(name, "humble"));
  Tables tables(*storage);
  Loop loop;
  const auto refused = loop.wait(tables.ensure(Loop::soon().deadline));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 503);
  EXPECT_EQ(refused.error().code, "BLST801");
  EXPECT_THAT(refused.error().hint, HasSubstr("CREATE SCHEMA ballast AUTHORIZATION"));
  TestCluster::query(admin, "CREATE SCHEMA ballast AUTHORIZATION humble");
  EXPECT_EQ(code_of(loop.wait(tables.ensure(Loop::soon().deadline))), "ok");
  storage->close();
}

TEST(Tables, SaysThatAReadOnlyFileHasNoRoomForThem) {
  const TemporaryFolder folder;
  std::move(*storage::open_sqlite(folder.file("test.db")))->close();
  storage::SqliteSettings settings;
  settings.read_only = true;
  const auto storage = std::move(*storage::open_sqlite(folder.file("test.db"), settings));
  Tables tables(*storage);
  Loop loop;
  const auto refused = loop.wait(tables.ensure(Loop::soon().deadline));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "BLST801");
  EXPECT_THAT(refused.error().hint, HasSubstr("sqlite.read_only"));
  storage->close();
}

}  // namespace
}  // namespace ballast::records
