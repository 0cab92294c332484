#include "storage/contract_suite.hpp"
#include "storage/postgres/database.hpp"
#include "storage/postgres/test_cluster.hpp"
#include "storage/sqlite/database.hpp"

namespace ballast::storage::testing {
namespace {

const std::string endless =
    "WITH RECURSIVE e(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM e) SELECT x FROM e WHERE x < 0";

Engine sqlite_engine() {
  auto folder = std::make_shared<TemporaryFolder>();
  return {std::move(*open_sqlite(folder->file("test.db"))), "blob", endless, folder};
}

Engine postgres_engine() {
  PostgresSettings settings;
  settings.connection = postgres::testing::TestCluster::shared().create_database();
  settings.watch_schema = true;
  return {std::move(*open_postgres(settings)), "bytea", endless, nullptr};
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StorageContract, ::testing::Values(sqlite_engine));
INSTANTIATE_TEST_SUITE_P(Postgres, StorageContract, ::testing::Values(postgres_engine));

}  // namespace
}  // namespace ballast::storage::testing
