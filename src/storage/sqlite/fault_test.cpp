// The disk fails at operation 0, 1, 2 … until nothing fails any more: every acknowledged unit is there, every unit is
// there whole or not at all, and the database goes on when the disk does.
#include <gtest/gtest.h>

#include "storage/sqlite/database.hpp"
#include "storage/sqlite/failing_memory.hpp"
#include "storage/sqlite/failing_vfs.hpp"
#include "storage/test_support.hpp"

namespace ballast::storage::testing {
namespace {

struct Fault {
  const char* name;
  int count;  ///< operations that fail
  int code;
  const char* answer;
};

class SqliteFaults : public ::testing::TestWithParam<Fault> {};

TEST_P(SqliteFaults, LoseNoAcknowledgedUnitAndLeaveNoHalf) {
  const Fault fault = GetParam();
  FailingVfs disk;
  bool failed = true;
  int operation = 0;
  for (; failed && operation < 500; ++operation) {
    TemporaryFolder folder;
    const std::string path = folder.file("fault.db");
    std::vector<int> acknowledged;
    {
      SqliteSettings settings;
      settings.vfs = FailingVfs::name;
      settings.checkpoint_pages = 4;  // copying the log back is to fail as well
      Loop loop;
      auto storage = std::move(*open_sqlite(path, settings));
      ASSERT_TRUE(loop.write(*storage, "CREATE TABLE a (id integer PRIMARY KEY, v text)").ok());
      ASSERT_TRUE(loop.write(*storage, "CREATE TABLE b (id integer PRIMARY KEY, v text)").ok());

      disk.fail(operation, fault.count, fault.code);
      const std::string filler(3'000, 'x');
      for (int round = 0; round < 4; ++round) {
        std::vector<Unit> units;
        for (std::int64_t i = 0; i < 3; ++i) {
          units.emplace_back("INSERT INTO a VALUES (?1, ?2)", std::vector<sql::Param>{round * 3 + i, filler});
          units.back().add("INSERT INTO b VALUES (?1, ?2)", {round * 3 + i, filler});
        }
        const auto results = loop.write_all(*storage, {&units[0], &units[1], &units[2]});
        for (int i = 0; i < 3; ++i) {
          if (results[static_cast<std::size_t>(i)].ok())
            acknowledged.push_back(round * 3 + i);
          else
            EXPECT_EQ(results[static_cast<std::size_t>(i)].error().code, fault.answer) << "at operation " << operation;
        }
      }
      disk.heal();
      failed = disk.failures() > 0;
      EXPECT_EQ(code_of(loop.write(*storage, "INSERT INTO a VALUES (1000, '')")), "ok") << "at operation " << operation;
      EXPECT_EQ(code_of(loop.write(*storage, "DELETE FROM a WHERE id = 1000")), "ok");
      storage->close();
    }
    Loop loop;
    auto storage = std::move(*open_sqlite(path));
    EXPECT_EQ(loop.rows(*storage, "PRAGMA integrity_check"), "ok");
    EXPECT_EQ(loop.rows(*storage, "SELECT count(*) FROM (SELECT id FROM a EXCEPT SELECT id FROM b)"), "0");
    EXPECT_EQ(loop.rows(*storage, "SELECT count(*) FROM (SELECT id FROM b EXCEPT SELECT id FROM a)"), "0");
    for (const int id : acknowledged) {
      EXPECT_EQ(loop.rows(*storage, "SELECT count(*) FROM a WHERE id = ?1", {std::int64_t{id}}), "1")
          << "lost " << id << " at operation " << operation;
    }
    storage->close();
  }
  EXPECT_FALSE(failed) << "the loop did not come to an end";
  EXPECT_GT(operation, 10) << "few operations were tried";
}

INSTANTIATE_TEST_SUITE_P(Disk, SqliteFaults,
                         ::testing::Values(Fault{"OneWriteError", 1, SQLITE_IOERR_WRITE, "BLST605"},
                                           Fault{"OneSyncError", 1, SQLITE_IOERR_FSYNC, "BLST605"},
                                           Fault{"ManyErrors", 20, SQLITE_IOERR_WRITE, "BLST605"},
                                           Fault{"OnceFull", 1, SQLITE_FULL, "BLST602"},
                                           Fault{"Full", 50, SQLITE_FULL, "BLST602"}),
                         [](const auto& info) { return std::string(info.param.name); });

/// What a writer that meets a failed allocation leaves behind.
TEST(SqliteMemory, LosesNoAcknowledgedUnitAndLeavesNoHalfWhenItIsShort) {
  FailingMemory memory;
  bool failed = true;
  int request = 0;
  for (; failed && request < 3'000; ++request) {
    const TemporaryFolder folder;
    Loop loop;
    auto storage = std::move(*open_sqlite(folder.file("memory.db")));
    ASSERT_TRUE(loop.write(*storage, "CREATE TABLE a (id integer PRIMARY KEY, v text)").ok());
    ASSERT_TRUE(loop.write(*storage, "CREATE TABLE b (id integer PRIMARY KEY, v text)").ok());
    const std::string filler(3'000, 'x');
    std::vector<Unit> units;
    for (std::int64_t i = 0; i < 2; ++i) {
      units.emplace_back("INSERT INTO a VALUES (?1, ?2)", std::vector<sql::Param>{i, filler});
      units.back().add("INSERT INTO b VALUES (?1, ?2)", {i, filler});
    }
    memory.fail(request);
    const auto results = loop.write_all(*storage, {&units[0], &units[1]});
    failed = memory.heal();
    EXPECT_EQ(code_of(loop.write(*storage, "INSERT INTO a VALUES (1000, '')")), "ok") << "at request " << request;
    for (std::int64_t i = 0; i < 2; ++i) {
      const auto& result = results[static_cast<std::size_t>(i)];
      if (!result) { EXPECT_EQ(result.error().code, "BLST607") << "at request " << request; }
      for (const char* count : {"SELECT count(*) FROM a WHERE id = ?1", "SELECT count(*) FROM b WHERE id = ?1"}) {
        EXPECT_EQ(loop.rows(*storage, count, {i}), result ? "1" : "0") << "unit " << i << " at request " << request;
      }
    }
    EXPECT_EQ(loop.rows(*storage, "PRAGMA integrity_check"), "ok");
    storage->close();
  }
  EXPECT_FALSE(failed) << "the loop did not come to an end";
  EXPECT_GT(request, 10) << "little memory was asked for";
}

}  // namespace
}  // namespace ballast::storage::testing
