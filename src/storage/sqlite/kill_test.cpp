// What was acknowledged is there after the process was killed, at whatever moment.
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>
#include <set>

#include "storage/sqlite/database.hpp"
#include "storage/test_support.hpp"

namespace ballast::storage::testing {
namespace {

constexpr int clients = 64;

/// Inserts rows of two statements each and reports every acknowledged one, until it is killed.
boost::asio::awaitable<void> client(Storage& storage, int number, int report) {
  for (std::int64_t i = 0;; ++i) {
    const std::int64_t id = i * clients + number;
    Unit unit("INSERT INTO t (id, half) VALUES (?1, 1)", {id});
    unit.add("INSERT INTO halves (id) VALUES (?1)", {id});
    const auto result = co_await storage.transact(unit, Loop::soon());
    if (!result.ok()) _exit(3);
    // Up to PIPE_BUF bytes are written whole or not at all.
    if (write(report, &id, sizeof id) != sizeof id) _exit(4);
  }
}

[[noreturn]] void insert_until_killed(const std::string& path, int report) {
  SqliteSettings settings;
  settings.checkpoint_pages = 50;  // some kills should hit a checkpoint
  auto storage = open_sqlite(path, settings);
  if (!storage) _exit(2);
  boost::asio::io_context loop{1};
  for (int i = 0; i < clients; ++i) boost::asio::co_spawn(loop, client(**storage, i, report), boost::asio::detached);
  loop.run();
  _exit(5);
}

TEST(SqliteKill, LosesNoAcknowledgedWriteAndKeepsNoHalf) {
  TemporaryFolder folder;
  std::mt19937 random(20'240'131);
  for (int round = 0; round < 8; ++round) {
    const std::string path = folder.file("kill" + std::to_string(round) + ".db");
    {
      Loop loop;
      auto storage = std::move(*open_sqlite(path));
      ASSERT_TRUE(loop.write(*storage, "CREATE TABLE t (id integer PRIMARY KEY, half integer)").ok());
      ASSERT_TRUE(loop.write(*storage, "CREATE TABLE halves (id integer PRIMARY KEY)").ok());
      storage->close();
    }
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      close(ends[0]);
      insert_until_killed(path, ends[1]);
    }
    close(ends[1]);
    // The moment is a number of acknowledgements, so that the test does not depend on time.
    const std::size_t enough = 1 + random() % 3000;
    std::set<std::int64_t> acknowledged;
    std::int64_t id = 0;
    while (acknowledged.size() < enough && read(ends[0], &id, sizeof id) == sizeof id) acknowledged.insert(id);
    kill(child, SIGKILL);
    while (read(ends[0], &id, sizeof id) == sizeof id) acknowledged.insert(id);
    close(ends[0]);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << WEXITSTATUS(status);
    ASSERT_GE(acknowledged.size(), enough);

    Loop loop;
    auto storage = std::move(*open_sqlite(path));
    EXPECT_EQ(loop.rows(*storage, "PRAGMA integrity_check"), "ok");
    RowList found;
    const sql::Statement all{"SELECT id FROM t", {}};
    ASSERT_TRUE(loop.read(*storage, all, found).ok());
    std::set<std::int64_t> present;
    for (const auto& row : found.rows) present.insert(row[0].integer);
    for (const std::int64_t wanted : acknowledged) ASSERT_TRUE(present.contains(wanted)) << "lost " << wanted;
    EXPECT_EQ(loop.rows(*storage, "SELECT count(*) FROM (SELECT id FROM t EXCEPT SELECT id FROM halves)"), "0");
    EXPECT_EQ(loop.rows(*storage, "SELECT count(*) FROM (SELECT id FROM halves EXCEPT SELECT id FROM t)"), "0");
    RecordProperty("round" + std::to_string(round),
                   std::to_string(acknowledged.size()) + " acknowledged, " + std::to_string(present.size()) + " found");
    storage->close();
  }
}

}  // namespace
}  // namespace ballast::storage::testing
