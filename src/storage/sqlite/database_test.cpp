#include "storage/sqlite/database.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>

#include "storage/test_support.hpp"

namespace ballast::storage::testing {
namespace {

const std::string endless =
    "WITH RECURSIVE e(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM e) SELECT x FROM e WHERE x < 0";

/// One database, opened as a test wants it.
class SqliteDatabase : public ::testing::Test {
 protected:
  Storage& open(const SqliteSettings& settings = {}) {
    auto opened = open_sqlite(path(), settings);
    if (!opened) throw std::runtime_error(opened.error().message);
    storage_ = std::move(*opened);
    return *storage_;
  }
  std::string path() const { return folder_.file("test.db"); }
  double stat(std::string_view name) const {
    double found = -1;
    storage_->visit_stats([&](std::string_view n, double value, bool) {
      if (n == name) found = value;
    });
    return found;
  }
  /// Another process, as far as SQLite's locks are concerned.
  class Outsider {
   public:
    explicit Outsider(const std::string& path) { sqlite3_open(path.c_str(), &handle_); }
    ~Outsider() { sqlite3_close(handle_); }
    int run(const char* text) { return sqlite3_exec(handle_, text, nullptr, nullptr, nullptr); }

   private:
    sqlite3* handle_ = nullptr;
  };

  TemporaryFolder folder_;
  Loop loop_;
  std::array<Loop, 3> loops_;  // of threads; all loops outlive the storage
  std::unique_ptr<Storage> storage_;
};

TEST_F(SqliteDatabase, SharesOneReadTransactionBetweenTheReadsOfALoopTurn) {
  Storage& storage = open();
  const sql::Statement statement{"SELECT 1", {}};
  std::vector<RowList> lists(10);
  std::vector<std::optional<Result<Outcome>>> answers(lists.size());
  for (std::size_t i = 0; i < lists.size(); ++i) {
    boost::asio::co_spawn(loop_.context, keep(storage.read(statement, lists[i], Loop::soon()), answers[i]),
                          boost::asio::detached);
  }
  loop_.context.run();
  for (const auto& list : lists) EXPECT_EQ(list.text(), "1");
  EXPECT_EQ(stat("epochs"), 1);
}

TEST_F(SqliteDatabase, HoldsNoReadTransactionWhileTheLoopWaits) {
  Storage& storage = open();
  ASSERT_TRUE(loop_.write(storage, "CREATE TABLE t (id integer PRIMARY KEY)").ok());
  EXPECT_EQ(loop_.rows(storage, "SELECT count(*) FROM t"), "0");
  Outsider other(path());
  // A truncating checkpoint needs every reader gone.
  EXPECT_EQ(other.run("PRAGMA wal_checkpoint(TRUNCATE)"), SQLITE_OK);
  EXPECT_EQ(std::filesystem::file_size(path() + "-wal"), 0U);
}

TEST_F(SqliteDatabase, KeepsAFullTextIndexUpToDateByTriggers) {
  Storage& storage = open();
  ASSERT_TRUE(loop_.write(storage, "CREATE TABLE post (id integer PRIMARY KEY, title text)").ok());
  ASSERT_TRUE(loop_.write(storage, "CREATE VIRTUAL TABLE post_text USING fts5(title)").ok());
  ASSERT_TRUE(loop_
                  .write(storage,
                         "CREATE TRIGGER post_added AFTER INSERT ON post BEGIN INSERT INTO post_text (rowid, "
                         "title) VALUES (new.id, new.title); END")
                  .ok());
  EXPECT_EQ(code_of(loop_.write(storage, "INSERT INTO post VALUES (1, 'the last seat')")), "ok");
  EXPECT_EQ(loop_.rows(storage, "SELECT rowid FROM post_text WHERE post_text MATCH 'seat'"), "1");
}

TEST_F(SqliteDatabase, SeesAnotherProcessesCommitInTheNextTurn) {
  Storage& storage = open();
  ASSERT_TRUE(loop_.write(storage, "CREATE TABLE t (id integer PRIMARY KEY)").ok());
  EXPECT_EQ(loop_.rows(storage, "SELECT count(*) FROM t"), "0");
  Outsider other(path());
  ASSERT_EQ(other.run("INSERT INTO t VALUES (1)"), SQLITE_OK);
  EXPECT_EQ(loop_.rows(storage, "SELECT count(*) FROM t"), "1");
}

TEST_F(SqliteDatabase, MovesAReadOverItsStepBudgetToASlowThreadAndRemembersItsShape) {
  SqliteSettings settings;
  settings.step_budget = 2'000;
  Storage& storage = open(settings);
  const sql::Statement statement{
      "WITH RECURSIVE e(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM e WHERE x < 5000) SELECT x FROM e", {}};
  RowList list;
  ASSERT_TRUE(loop_.read(storage, statement, list).ok());
  EXPECT_EQ(list.rows.size(), 5000U);
  EXPECT_EQ(list.restarts, 1);
  EXPECT_EQ(stat("slow_reads"), 1);
  RowList again;
  ASSERT_TRUE(loop_.read(storage, statement, again).ok());
  EXPECT_EQ(again.rows.size(), 5000U);
  EXPECT_EQ(again.restarts, 0) << "it went to the slow thread at once";
  EXPECT_EQ(stat("slow_reads"), 2);
}

TEST_F(SqliteDatabase, EndsALongPatternAtTheDeadline) {
  Storage& storage = open();
  const std::string haystack(900'000, 'a');
  const sql::Statement statement{"SELECT ballast_like(?1, ?2)", {haystack, "%" + std::string(200'000, 'a') + "b"}};
  RowList list;
  const auto outcome =
      loop_.read(storage, statement, list, Context{std::chrono::steady_clock::now() + std::chrono::milliseconds(100)});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, "BLST504");
}

TEST_F(SqliteDatabase, RefusesAnExpressionThatIsTooComplexForItsValue) {
  Storage& storage = open();
  const sql::Statement statement{"SELECT ballast_match(?1, ?2)", {std::string(900'000, 'a'), "(a?){900}a{900}b"}};
  RowList list;
  EXPECT_EQ(loop_.read(storage, statement, list).error().code, "54000");
}

TEST_F(SqliteDatabase, MovesAReadOverItsByteBudgetToASlowThread) {
  SqliteSettings settings;
  settings.byte_budget = 100;
  Storage& storage = open(settings);
  const sql::Statement statement{
      "SELECT 'long enough to count' UNION ALL SELECT 'and more' UNION ALL SELECT 'more' "
      "UNION ALL SELECT 'more' UNION ALL SELECT 'more' UNION ALL SELECT 'more'",
      {}};
  RowList list;
  ASSERT_TRUE(loop_.read(storage, statement, list).ok());
  EXPECT_EQ(list.rows.size(), 6U);
  EXPECT_EQ(list.restarts, 1);
}

TEST_F(SqliteDatabase, BringsAShapeBackToTheLoopOnceItProvedFast) {
  SqliteSettings settings;
  settings.step_budget = 2'000;
  settings.slow_shapes = 2;
  Storage& storage = open(settings);
  const std::string text =
      "WITH RECURSIVE e(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM e WHERE x < ?1) SELECT count(*) FROM e";
  EXPECT_EQ(loop_.rows(storage, text, {std::int64_t{5000}}), "5000");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(loop_.rows(storage, text, {std::int64_t{3}}), "3");
  EXPECT_EQ(stat("slow_reads"), 3);
}

TEST_F(SqliteDatabase, RefusesSlowReadsBeyondItsQueueWithRetryAfter) {
  SqliteSettings settings;
  settings.step_budget = 1'000;
  settings.slow_threads = 1;
  settings.slow_queue = 1;
  Storage& storage = open(settings);
  const sql::Statement statement{endless, {}};
  std::vector<RowList> lists(4);
  std::vector<std::string> codes;
  const Context when{std::chrono::steady_clock::now() + std::chrono::milliseconds(200)};
  std::vector<std::optional<Result<Outcome>>> answers(lists.size());
  for (std::size_t i = 0; i < lists.size(); ++i) {
    boost::asio::co_spawn(loop_.context, keep(storage.read(statement, lists[i], when), answers[i]),
                          boost::asio::detached);
  }
  loop_.context.run();
  for (const auto& answer : answers) codes.push_back((*answer).error().code);
  EXPECT_THAT(codes, ::testing::Contains("BLST503"));
  EXPECT_THAT(codes, ::testing::Contains("BLST504"));
}

TEST_F(SqliteDatabase, RefusesToWriteWhileReading) {
  Storage& storage = open();
  ASSERT_TRUE(loop_.write(storage, "CREATE TABLE t (id integer PRIMARY KEY)").ok());
  EXPECT_EQ(loop_.rows(storage, "INSERT INTO t VALUES (1)"), "BLST603");
  EXPECT_EQ(loop_.rows(storage, "SELECT count(*) FROM t"), "0");
}

TEST_F(SqliteDatabase, CommitsManyWaitingUnitsTogether) {
  Storage& storage = open();
  ASSERT_TRUE(loop_.write(storage, "CREATE TABLE t (id integer PRIMARY KEY)").ok());
  std::vector<Unit> units;
  for (int i = 0; i < 200; ++i) units.emplace_back("INSERT INTO t DEFAULT VALUES");
  std::vector<Unit*> all;
  for (auto& unit : units) all.push_back(&unit);
  const double before = stat("commit_batch_size_count");
  for (const auto& result : loop_.write_all(storage, all)) EXPECT_TRUE(result.ok());
  EXPECT_EQ(loop_.rows(storage, "SELECT count(*) FROM t"), "200");
  EXPECT_LT(stat("commit_batch_size_count") - before, 100);
}

TEST_F(SqliteDatabase, RefusesWritesBeyondItsQueueWithRetryAfter) {
  SqliteSettings settings;
  settings.write_queue = 2;
  Storage& storage = open(settings);
  ASSERT_TRUE(loop_.write(storage, "CREATE TABLE t (id integer PRIMARY KEY)").ok());
  std::vector<Unit> units;
  for (int i = 0; i < 500; ++i) units.emplace_back("INSERT INTO t DEFAULT VALUES");
  std::vector<Unit*> all;
  for (auto& unit : units) all.push_back(&unit);
  int accepted = 0;
  int refused = 0;
  for (const auto& result : loop_.write_all(storage, all)) {
    if (result.ok()) {
      ++accepted;
      continue;
    }
    ++refused;
    EXPECT_EQ(result.error().code, "BLST503");
    ASSERT_FALSE(result.error().headers.empty());
    EXPECT_EQ(result.error().headers[0].first, "Retry-After");
  }
  EXPECT_GT(refused, 0);
  EXPECT_EQ(loop_.rows(storage, "SELECT count(*) FROM t"), std::to_string(accepted));
}

TEST_F(SqliteDatabase, SaysSoWhenAnotherProcessHoldsTheLock) {
  SqliteSettings settings;
  settings.busy_timeout = std::chrono::milliseconds(20);
  Storage& storage = open(settings);
  ASSERT_TRUE(loop_.write(storage, "CREATE TABLE t (id integer PRIMARY KEY)").ok());
  Outsider other(path());
  ASSERT_EQ(other.run("BEGIN IMMEDIATE"), SQLITE_OK);
  const auto locked = loop_.write(storage, "INSERT INTO t DEFAULT VALUES");
  ASSERT_FALSE(locked.ok());
  EXPECT_EQ(locked.error().code, "BLST601");
  EXPECT_EQ(locked.error().status, 503);
  EXPECT_EQ(locked.error().headers[0].first, "Retry-After");
  EXPECT_EQ(loop_.rows(storage, "SELECT count(*) FROM t"), "0") << "reads go on";
  ASSERT_EQ(other.run("ROLLBACK"), SQLITE_OK);
  EXPECT_TRUE(loop_.write(storage, "INSERT INTO t DEFAULT VALUES").ok());
}

TEST_F(SqliteDatabase, FailsHonestlyWhenTheDatabaseIsFullAndGoesOnWhenItIsNot) {
  Storage& storage = open();
  ASSERT_TRUE(loop_.write(storage, "CREATE TABLE t (id integer PRIMARY KEY, v text)").ok());
  Unit limit("PRAGMA max_page_count=20");
  ASSERT_TRUE(loop_.write(storage, limit).ok());
  Unit small("INSERT INTO t (v) VALUES ('kept')");
  Unit large("INSERT INTO t (v) VALUES (hex(zeroblob(500000)))");
  Unit other("INSERT INTO t (v) VALUES ('kept')");
  const auto results = loop_.write_all(storage, {&small, &large, &other});
  EXPECT_EQ(code_of(results[0]), "ok");
  EXPECT_EQ(code_of(results[1]), "BLST602");
  EXPECT_EQ(code_of(results[2]), "ok");
  EXPECT_EQ(loop_.rows(storage, "SELECT count(*) FROM t"), "2");
}

TEST_F(SqliteDatabase, RestartsTheNeighboursOfAStatementThatEndsTheTransaction) {
  Storage& storage = open();
  ASSERT_TRUE(loop_.write(storage, "CREATE TABLE t (id integer PRIMARY KEY, v text UNIQUE ON CONFLICT ROLLBACK)").ok());
  ASSERT_TRUE(loop_.write(storage, "INSERT INTO t (v) VALUES ('x')").ok());
  // The first keeps the writer busy until the others wait in one group.
  Unit first("INSERT INTO t (v) VALUES ('first')");
  Unit a("INSERT INTO t (v) VALUES ('a')");
  Unit culprit("INSERT INTO t (v) VALUES ('x')");
  Unit b("INSERT INTO t (v) VALUES ('b')");
  const auto results = loop_.write_all(storage, {&first, &a, &culprit, &b});
  EXPECT_EQ(code_of(results[0]), "ok");
  EXPECT_EQ(code_of(results[1]), "ok");
  EXPECT_EQ(code_of(results[2]), "23505");
  EXPECT_EQ(code_of(results[3]), "ok");
  EXPECT_EQ(loop_.rows(storage, "SELECT v FROM t ORDER BY v"), "a;b;first;x");
}

TEST_F(SqliteDatabase, RunsAStatementThatRanIntoItsDeadlineAloneFromThenOn) {
  Storage& storage = open();
  ASSERT_TRUE(loop_.write(storage, "CREATE TABLE t (id integer PRIMARY KEY, v integer)").ok());
  const std::string heavy =
      "INSERT INTO t (v) SELECT x FROM (WITH RECURSIVE e(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM e WHERE x < ?1) "
      "SELECT x FROM e) WHERE x < 0";
  Unit first(heavy, {std::int64_t{1'000'000'000}});
  const Context shortly{std::chrono::steady_clock::now() + std::chrono::milliseconds(50)};
  EXPECT_EQ(code_of(loop_.write(storage, first, shortly)), "BLST504");
  Unit a("INSERT INTO t (v) VALUES (1)");
  Unit again(heavy, {std::int64_t{10}});
  Unit b("INSERT INTO t (v) VALUES (2)");
  const double commits = stat("commit_batch_size_count");
  for (const auto& result : loop_.write_all(storage, {&a, &again, &b})) EXPECT_EQ(code_of(result), "ok");
  EXPECT_EQ(stat("commit_batch_size_count"), commits + 2) << "the light ones together, the heavy one by itself";
  EXPECT_EQ(again.restarts, 1);
  EXPECT_EQ(loop_.rows(storage, "SELECT v FROM t ORDER BY v"), "1;2");
}

TEST_F(SqliteDatabase, NoticesThatItsFileIsGone) {
  Storage& storage = open();
  ASSERT_TRUE(loop_.write(storage, "CREATE TABLE t (id integer PRIMARY KEY)").ok());
  std::filesystem::rename(path(), path() + ".elsewhere");
  EXPECT_EQ(code_of(loop_.write(storage, "INSERT INTO t DEFAULT VALUES")), "BLST610");
  EXPECT_EQ(code_of(storage.ping()), "BLST610");
  std::filesystem::rename(path() + ".elsewhere", path());
  EXPECT_EQ(code_of(loop_.write(storage, "INSERT INTO t DEFAULT VALUES")), "ok");
}

TEST_F(SqliteDatabase, AnswersReadsAndRefusesWritesWhenOpenedReadOnly) {
  ASSERT_TRUE(loop_.write(open(), "CREATE TABLE t (id integer PRIMARY KEY)").ok());
  storage_->close();
  SqliteSettings settings;
  settings.read_only = true;
  Storage& storage = open(settings);
  EXPECT_EQ(loop_.rows(storage, "SELECT count(*) FROM t"), "0");
  EXPECT_EQ(code_of(loop_.write(storage, "INSERT INTO t DEFAULT VALUES")), "BLST603");
}

TEST_F(SqliteDatabase, RefusesAFileThatIsNoDatabase) {
  std::ofstream(path()) << std::string(8192, 'x');
  const auto opened = open_sqlite(path());
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, "BLST608");
}

TEST_F(SqliteDatabase, RefusesAMissingFileUnlessToldToCreateIt) {
  SqliteSettings settings;
  settings.create = false;
  const auto opened = open_sqlite(path(), settings);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, "BLST606");
  EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(SqliteDatabase, RefusesADatabaseInMemory) { EXPECT_FALSE(open_sqlite(":memory:").ok()); }

TEST_F(SqliteDatabase, SaysThatTheFileIsDamaged) {
  {
    Storage& storage = open();
    ASSERT_TRUE(loop_.write(storage, "CREATE TABLE t (id integer PRIMARY KEY, v text)").ok());
    for (int i = 0; i < 50; ++i) {
      ASSERT_TRUE(loop_.write(storage, "INSERT INTO t (v) VALUES (hex(zeroblob(1000)))").ok());
    }
    storage_->close();
  }
  std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(2 * 4096);
  file << std::string(8 * 4096, '\xAA');
  file.close();
  EXPECT_EQ(loop_.rows(open(), "SELECT max(length(v)) FROM t"), "BLST604");
}

TEST_F(SqliteDatabase, CopiesTheLogBackOffTheWritersPath) {
  SqliteSettings settings;
  settings.checkpoint_pages = 10;
  Storage& storage = open(settings);
  ASSERT_TRUE(loop_.write(storage, "CREATE TABLE t (id integer PRIMARY KEY, v text)").ok());
  for (int i = 0; i < 300; ++i) {
    ASSERT_TRUE(loop_.write(storage, "INSERT INTO t (v) VALUES (hex(zeroblob(3000)))").ok());
  }
  storage.close();
  EXPECT_GT(stat("checkpoints"), 0);
}

TEST_F(SqliteDatabase, NamesTheForeignKeyAnInsertBreaks) {
  Storage& storage = open();
  ASSERT_TRUE(loop_.write(storage, "CREATE TABLE customers (id integer PRIMARY KEY)").ok());
  ASSERT_TRUE(loop_
                  .write(storage,
                         "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer REFERENCES "
                         "customers, other_id integer REFERENCES customers (id))")
                  .ok());
  ASSERT_TRUE(storage.introspect().ok());
  ASSERT_TRUE(loop_.write(storage, "INSERT INTO customers VALUES (1)").ok());
  const auto result = loop_.write(storage, "INSERT INTO orders (customer_id, other_id) VALUES (?1, ?2)",
                                  {std::int64_t{1}, std::int64_t{9}});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, "23503");
  EXPECT_EQ(result.error().status, 409);
  EXPECT_EQ(result.error().message,
            "insert or update on table \"orders\" violates foreign key constraint \"orders_other_id_fkey\"");
  EXPECT_EQ(result.error().details, "Key (other_id)=(9) is not present in table \"customers\".");
}

TEST_F(SqliteDatabase, NamesTheForeignKeyADeleteBreaks) {
  Storage& storage = open();
  ASSERT_TRUE(loop_.write(storage, "CREATE TABLE customers (id integer PRIMARY KEY)").ok());
  ASSERT_TRUE(
      loop_.write(storage, "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer REFERENCES customers)")
          .ok());
  ASSERT_TRUE(storage.introspect().ok());
  ASSERT_TRUE(loop_.write(storage, "INSERT INTO customers VALUES (1), (2)").ok());
  ASSERT_TRUE(loop_.write(storage, "INSERT INTO orders VALUES (1, 2)").ok());
  Unit before("INSERT INTO customers VALUES (3)");
  Unit broken("DELETE FROM customers");
  Unit after("INSERT INTO customers VALUES (4)");
  const auto results = loop_.write_all(storage, {&before, &broken, &after});
  ASSERT_FALSE(results[1].ok());
  EXPECT_EQ(results[1].error().message,
            "update or delete on table \"customers\" violates foreign key constraint "
            "\"orders_customer_id_fkey\" on table \"orders\"");
  EXPECT_EQ(results[1].error().details, "Key (id)=(2) is still referenced from table \"orders\".");
  EXPECT_EQ(code_of(results[0]), "ok");
  EXPECT_EQ(code_of(results[2]), "ok");
  EXPECT_EQ(loop_.rows(storage, "SELECT id FROM customers"), "1;2;3;4");
}

TEST_F(SqliteDatabase, PassesATriggersOwnMessageOn) {
  Storage& storage = open();
  ASSERT_TRUE(loop_.write(storage, "CREATE TABLE t (id integer PRIMARY KEY)").ok());
  ASSERT_TRUE(
      loop_.write(storage, "CREATE TRIGGER no AFTER INSERT ON t BEGIN SELECT RAISE(ABORT, 'not today'); END").ok());
  const auto result = loop_.write(storage, "INSERT INTO t DEFAULT VALUES");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, "P0001");
  EXPECT_EQ(result.error().message, "not today");
}

TEST_F(SqliteDatabase, ReadsFromSeveralLoopsAtOnceWhileWriting) {
  Storage& storage = open();
  ASSERT_TRUE(loop_.write(storage, "CREATE TABLE t (id integer PRIMARY KEY)").ok());
  std::vector<std::thread> threads;
  std::atomic<int> failures{0};
  for (Loop& loop : loops_) {
    threads.emplace_back([&] {
      std::int64_t last = 0;
      for (int i = 0; i < 100; ++i) {
        if (!loop.write(storage, "INSERT INTO t DEFAULT VALUES").ok()) ++failures;
        const std::int64_t seen = std::stoll(loop.rows(storage, "SELECT count(*) FROM t"));
        if (seen < i + 1 || seen < last) ++failures;
        last = seen;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(loop_.rows(storage, "SELECT count(*) FROM t"), "300");
}

}  // namespace
}  // namespace ballast::storage::testing
