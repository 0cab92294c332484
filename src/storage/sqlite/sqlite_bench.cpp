// What the embedded engine's two ideas are worth: a read epoch against a transaction per read, and group commit
// against a transaction per insert with the same durability.
#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <filesystem>

#include "storage/sqlite/database.hpp"
#include "storage/test_support.hpp"

namespace ballast::storage {
namespace {

using testing::Loop;

/// On a real disk, since a commit is mostly its sync.
class Folder {
 public:
  Folder() { std::filesystem::create_directories(path_); }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string file() const { return (path_ / "bench.db").string(); }

 private:
  std::filesystem::path path_ = std::filesystem::current_path() / ("bench-" + std::to_string(getpid()));
};

class NullSink final : public sql::RowSink {
 public:
  Result<void> row(std::span<const sql::Cell> cells) override {
    benchmark::DoNotOptimize(cells.data());
    return {};
  }
  void restart() override {}
  std::size_t bytes() const noexcept override { return 0; }
};

void fill(Loop& loop, Storage& storage) {
  (void)loop.write(storage, "CREATE TABLE t (id integer PRIMARY KEY, a text, b integer)").ok();
  (void)loop
      .write(storage,
             "WITH RECURSIVE e(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM e WHERE x < 100000) "
             "INSERT INTO t SELECT x, 'name ' || x, x * 7 FROM e")
      .ok();
}

boost::asio::awaitable<int> read_some(Storage& storage, int count, std::int64_t& key) {
  NullSink sink;
  sql::Statement statement{"SELECT \"t\".\"id\", \"t\".\"a\", \"t\".\"b\" FROM \"t\" WHERE \"t\".\"id\" = ?1",
                           {std::int64_t{1}}};
  const Context context = Loop::soon();
  for (int i = 0; i < count; ++i) {
    key = key * 7919 % 99991 + 1;
    statement.params[0] = key;
    const auto result = co_await storage.read(statement, sink, context);
    if (!result.ok()) co_return 1;
  }
  co_return 0;
}

/// Argument: point reads in one turn of the loop.
void point_reads(benchmark::State& state) {
  const Folder folder;
  Loop loop;
  auto storage = std::move(*open_sqlite(folder.file()));
  fill(loop, *storage);
  std::int64_t key = 1;
  const int count = static_cast<int>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(loop.wait(read_some(*storage, count, key)));
  state.SetItemsProcessed(state.iterations() * count);
  storage->close();
}
BENCHMARK(point_reads)->Arg(1)->Arg(16)->Arg(1000);

/// SQLite alone, in one open transaction: what no layer above can beat.
void point_reads_bare(benchmark::State& state) {
  const Folder folder;
  Loop loop;
  {
    auto storage = std::move(*open_sqlite(folder.file()));
    fill(loop, *storage);
    storage->close();
  }
  sqlite3* db = nullptr;
  sqlite3_open_v2(folder.file().c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  sqlite3_exec(db, "BEGIN", nullptr, nullptr, nullptr);
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(db, "SELECT id, a, b FROM t WHERE id = ?1", -1, &statement, nullptr);
  std::int64_t key = 1;
  for (auto _ : state) {
    key = key * 7919 % 99991 + 1;
    sqlite3_bind_int64(statement, 1, key);
    while (sqlite3_step(statement) == SQLITE_ROW) benchmark::DoNotOptimize(sqlite3_column_text(statement, 1));
    sqlite3_reset(statement);
  }
  state.SetItemsProcessed(state.iterations());
  sqlite3_finalize(statement);
  sqlite3_close(db);
}
BENCHMARK(point_reads_bare);

boost::asio::awaitable<void> insert_some(Storage& storage, int count) {
  const sql::Statement insert{"INSERT INTO t (a, b) VALUES (?1, ?2)", {std::string("name"), std::int64_t{7}}, true};
  for (int i = 0; i < count; ++i) {
    testing::Unit unit({insert});
    const auto result = co_await storage.transact(unit, Loop::soon());
    if (!result.ok()) co_return;
  }
}

/// Argument: clients at once, each waiting for its own insert to be durable.
void durable_inserts(benchmark::State& state) {
  const Folder folder;
  Loop loop;
  auto storage = std::move(*open_sqlite(folder.file()));
  (void)loop.write(*storage, "CREATE TABLE t (id integer PRIMARY KEY, a text, b integer)").ok();
  const int clients = static_cast<int>(state.range(0));
  constexpr int each = 50;
  for (auto _ : state) {
    for (int i = 0; i < clients; ++i) {
      boost::asio::co_spawn(loop.context, insert_some(*storage, each), boost::asio::detached);
    }
    loop.context.restart();
    loop.context.run();
  }
  state.SetItemsProcessed(state.iterations() * clients * each);
  storage->close();
}
BENCHMARK(durable_inserts)->Arg(1)->Arg(8)->Arg(64)->Arg(256)->UseRealTime()->MinTime(2);

/// One connection, one transaction per insert, the same durability.
void durable_inserts_one_by_one(benchmark::State& state) {
  const Folder folder;
  sqlite3* db = nullptr;
  sqlite3_open_v2(folder.file().c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                  nullptr);
  sqlite3_exec(
      db,
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (id integer PRIMARY KEY, a text, b integer)",
      nullptr, nullptr, nullptr);
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(db, "INSERT INTO t (a, b) VALUES ('name', 7)", -1, &statement, nullptr);
  for (auto _ : state) {
    sqlite3_step(statement);
    sqlite3_reset(statement);
  }
  state.SetItemsProcessed(state.iterations());
  sqlite3_finalize(statement);
  sqlite3_close(db);
}
BENCHMARK(durable_inserts_one_by_one)->UseRealTime()->MinTime(2);

}  // namespace
}  // namespace ballast::storage
