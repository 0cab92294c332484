#include "storage/sqlite/introspect.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <chrono>

#include "storage/test_support.hpp"

namespace ballast::storage::sqlite {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SqliteIntrospection : public ::testing::Test {
 protected:
  SqliteIntrospection() : connection_(std::move(*Connection::open(folder_.file("i.db"), {}, Role::writer))) {}

  void run(const std::string& text) {
    char* message = nullptr;
    ASSERT_EQ(sqlite3_exec(connection_->handle(), text.c_str(), nullptr, nullptr, &message), SQLITE_OK) << message;
  }
  const catalog::Snapshot& snapshot() {
    auto read = introspect(*connection_);
    if (!read) throw std::runtime_error(read.error().message);
    snapshot_ = *read;
    return *snapshot_;
  }
  const catalog::Relation& relation(std::string_view name) {
    const auto* found = snapshot().relation("public", name);
    if (found == nullptr) throw std::runtime_error("no such relation");
    return *found;
  }

  storage::testing::TemporaryFolder folder_;
  std::unique_ptr<Connection> connection_;
  catalog::SnapshotPtr snapshot_;
};

TEST_F(SqliteIntrospection, DescribesColumns) {
  run("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT 'x', price NUMERIC(8,2), "
      "twice AS (price * 2), kind TEXT CHECK (kind IN ('a', 'b')))");
  const auto& t = relation("t");
  ASSERT_EQ(t.columns.size(), 5U);
  EXPECT_TRUE(t.columns[0].identity);
  EXPECT_FALSE(t.columns[0].nullable);
  EXPECT_FALSE(t.columns[1].nullable);
  EXPECT_EQ(t.columns[1].default_text, "'x'");
  EXPECT_EQ(t.columns[2].type.scale, 2);
  EXPECT_TRUE(t.columns[3].generated);
  EXPECT_THAT(t.columns[4].enum_values, ElementsAre("a", "b"));
  EXPECT_TRUE(t.has_rowid);
  EXPECT_THAT(t.primary_key, ElementsAre("id"));
}

TEST_F(SqliteIntrospection, NamesConstraintsAsDeclaredOrAsPostgresWould) {
  run("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, a INT CHECK (a > 0), b INT CHECK (b > 0), "
      "CHECK (a > b), CHECK (b > a), CONSTRAINT named UNIQUE (a, b))");
  run("CREATE TABLE orders (id INTEGER, user_id INT REFERENCES users, other INT, CONSTRAINT pk PRIMARY KEY (id), "
      "CONSTRAINT \"to other\" FOREIGN KEY (other) REFERENCES users (id))");
  const auto& users = relation("users");
  std::vector<std::string> keys;
  for (const auto& key : users.unique_keys) keys.push_back(key.name);
  EXPECT_THAT(keys, ElementsAre("users_pkey", "users_email_key", "named"));
  std::vector<std::string> checks;
  for (const auto& check : users.checks) checks.push_back(check.name);
  EXPECT_THAT(checks, ElementsAre("users_a_check", "users_b_check", "users_check", "users_check1"));
  const auto& orders = relation("orders");
  EXPECT_EQ(orders.unique_keys[0].name, "pk");
  ASSERT_EQ(orders.foreign_keys.size(), 2U);
  EXPECT_EQ(orders.foreign_keys[0].name, "orders_user_id_fkey");
  EXPECT_THAT(orders.foreign_keys[0].referenced_columns, ElementsAre("id")) << "left out: the primary key";
  EXPECT_EQ(orders.foreign_keys[1].name, "to other");
}

TEST_F(SqliteIntrospection, DerivesRelationshipsHoweverNamesAreSpelled) {
  run("CREATE TABLE Parent (Id INTEGER PRIMARY KEY)");
  run("CREATE TABLE child (id INTEGER PRIMARY KEY, pid INT, FOREIGN KEY (PID) REFERENCES parent (ID))");
  const auto& child = relation("child");
  EXPECT_EQ(child.foreign_keys[0].relation, "Parent");
  EXPECT_THAT(child.foreign_keys[0].columns, ElementsAre("pid"));
  EXPECT_THAT(child.foreign_keys[0].referenced_columns, ElementsAre("Id"));
  EXPECT_EQ(snapshot_->relationships("public", "Parent").size(), 1U);
}

TEST_F(SqliteIntrospection, DescribesCompositeKeysInOrder) {
  run("CREATE TABLE seats (no INT, flight INT, PRIMARY KEY (flight, no)) WITHOUT ROWID");
  run("CREATE TABLE bookings (id INTEGER PRIMARY KEY, f INT, n INT, FOREIGN KEY (f, n) REFERENCES seats)");
  EXPECT_THAT(relation("seats").primary_key, ElementsAre("flight", "no"));
  EXPECT_FALSE(relation("seats").has_rowid);
  EXPECT_FALSE(relation("seats").columns[0].identity);
  EXPECT_THAT(relation("bookings").foreign_keys[0].referenced_columns, ElementsAre("flight", "no"));
}

TEST_F(SqliteIntrospection, DoesNotNumberAPrimaryKeyThatIsNoRowid) {
  run("CREATE TABLE a (id INT PRIMARY KEY)");
  run("CREATE TABLE b (id TEXT PRIMARY KEY)");
  EXPECT_FALSE(relation("a").columns[0].identity);
  EXPECT_FALSE(relation("b").columns[0].identity);
}

TEST_F(SqliteIntrospection, ListsIndexesAndTakesUniqueOnesForKeys) {
  run("CREATE TABLE t (a INT, b INT, c INT)");
  run("CREATE UNIQUE INDEX t_a ON t (a)");
  run("CREATE UNIQUE INDEX t_b_some ON t (b) WHERE c > 0");
  run("CREATE INDEX t_expr ON t (a + b, c)");
  const auto& t = relation("t");
  ASSERT_EQ(t.unique_keys.size(), 1U);
  EXPECT_EQ(t.unique_keys[0].name, "t_a");
  ASSERT_EQ(t.indexes.size(), 3U);
  EXPECT_THAT(t.indexes[2].columns, ElementsAre("", "c"));
}

TEST_F(SqliteIntrospection, DescribesViewsAndWhatCanBeWrittenToThem) {
  run("CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME)");
  run("INSERT INTO t VALUES (1, '2024-01-01')");
  run("CREATE VIEW plain AS SELECT id, at, count(*) AS n FROM t");
  run("CREATE VIEW written AS SELECT id FROM t");
  run("CREATE TRIGGER w INSTEAD OF INSERT ON written BEGIN INSERT INTO t (id) VALUES (NEW.id); END");
  const auto& plain = relation("plain");
  EXPECT_TRUE(plain.is_view);
  EXPECT_FALSE(plain.insertable);
  EXPECT_EQ(plain.columns[1].type.kind, catalog::Kind::timestamp) << "traced through to the table";
  EXPECT_EQ(plain.columns[2].type.name, "bigint") << "told by its values";
  EXPECT_TRUE(relation("written").insertable);
  EXPECT_FALSE(relation("written").deletable);
}

TEST_F(SqliteIntrospection, LeavesOutABrokenViewAndKeepsTheRest) {
  run("CREATE TABLE gone (id INTEGER PRIMARY KEY)");
  run("CREATE TABLE stays (id INTEGER PRIMARY KEY)");
  run("CREATE VIEW broken AS SELECT id FROM gone");
  run("DROP TABLE gone");
  EXPECT_THAT(snapshot().names("public"), ElementsAre("stays"));
}

TEST_F(SqliteIntrospection, HidesWhatIsNotTheUsers) {
  run("CREATE TABLE ballast_jobs (id INTEGER PRIMARY KEY)");
  run("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT)");
  run("CREATE VIRTUAL TABLE t_search USING fts5(body, content='t', content_rowid='id')");
  run("ANALYZE");
  EXPECT_THAT(snapshot().names("public"), ElementsAre("t")) << "an index of another table has that table's text";
  EXPECT_EQ(relation("t").full_text, "t_search");
  const auto* index = snapshot().with_hidden("public", "t_search");
  ASSERT_NE(index, nullptr);
  EXPECT_TRUE(index->is_full_text);
  EXPECT_THAT(index->columns, ::testing::SizeIs(1));
}

TEST_F(SqliteIntrospection, EstimatesRows) {
  run("CREATE TABLE few (id INTEGER PRIMARY KEY)");
  run("INSERT INTO few (id) VALUES (5), (1000)");
  run("CREATE TABLE many (id INTEGER PRIMARY KEY)");
  run("WITH RECURSIVE e(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM e WHERE x < 5000) INSERT INTO many SELECT x FROM e");
  EXPECT_EQ(relation("few").estimated_rows, 2);
  EXPECT_EQ(relation("many").estimated_rows, 5000);
}

TEST_F(SqliteIntrospection, DropsForeignKeysThatCanNeverHold) {
  run("CREATE TABLE t (id INTEGER PRIMARY KEY, x INT REFERENCES missing)");
  EXPECT_THAT(relation("t").foreign_keys, IsEmpty());
}

TEST_F(SqliteIntrospection, LoadsAThousandTables) {
  std::string all = "BEGIN;";
  for (int i = 0; i < 1000; ++i) {
    const std::string n = std::to_string(i);
    all += "CREATE TABLE t" + n +
           " (id INTEGER PRIMARY KEY, name TEXT NOT NULL CHECK (name <> ''), price NUMERIC(8,2), "
           "parent INT REFERENCES t" +
           std::to_string(i / 2) + ", UNIQUE (name)); CREATE INDEX i" + n + " ON t" + n + " (parent);";
  }
  run(all + "COMMIT");
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(snapshot().relations().size(), 1000U);
  RecordProperty(
      "milliseconds",
      static_cast<int>(
          std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start).count()));
}

}  // namespace
}  // namespace ballast::storage::sqlite
