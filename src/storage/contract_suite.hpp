#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "storage/test_support.hpp"
#include "storage/transaction.hpp"

/// What any engine must do. An engine's test instantiates it:
///
///     INSTANTIATE_TEST_SUITE_P(Sqlite, StorageContract, testing::Values(make_engine));
namespace ballast::storage::testing {

/// One database for one test. The engine starts out empty.
struct Engine {
  std::unique_ptr<Storage> storage;
  std::string blob_type;            ///< how a CREATE TABLE spells bytes
  std::string endless;              ///< a query that takes forever
  std::shared_ptr<void> resources;  ///< goes last
};

class StorageContract : public ::testing::TestWithParam<std::function<Engine()>> {
 protected:
  StorageContract() : engine_(GetParam()()) {
    run("CREATE TABLE parents (id integer PRIMARY KEY, name text NOT NULL, CONSTRAINT parents_name_key UNIQUE (name), "
        "CONSTRAINT parents_name_check CHECK (name <> ''))");
    run("CREATE TABLE children (id integer PRIMARY KEY, parent_id integer NOT NULL, CONSTRAINT children_parent_id_fkey "
        "FOREIGN KEY (parent_id) REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)");
    EXPECT_TRUE(storage().introspect().ok());
  }
  ~StorageContract() override { storage().close(); }

  Storage& storage() { return *engine_.storage; }
  /// `?` stands for the next placeholder.
  std::string sql(std::string_view text) const {
    std::string out;
    std::size_t n = 0;
    for (const char c : text) {
      if (c == '?')
        engine_.storage->dialect().placeholder(out, ++n);
      else
        out.push_back(c);
    }
    return out;
  }
  void run(std::string_view text, std::vector<sql::Param> params = {}) {
    const auto result = loop_.write(storage(), sql(text), std::move(params));
    ASSERT_TRUE(result.ok()) << result.error().code << ' ' << result.error().message << " for " << text;
  }
  Result<void> attempt(std::string_view text, std::vector<sql::Param> params = {}) {
    return loop_.write(storage(), sql(text), std::move(params));
  }
  std::string rows(std::string_view text, std::vector<sql::Param> params = {}) {
    return loop_.rows(storage(), sql(text), std::move(params));
  }
  Unit insert(std::int64_t id, const std::string& name) {
    return Unit(sql("INSERT INTO parents (id, name) VALUES (?, ?)"), {id, name});
  }

  Engine engine_;
  Loop loop_;
};

TEST_P(StorageContract, ShowsACommittedRowToTheNextRead) {
  run("INSERT INTO parents (id, name) VALUES (?, ?)", {std::int64_t{1}, std::string("Ada")});
  EXPECT_EQ(rows("SELECT name FROM parents WHERE id = ?", {std::int64_t{1}}), "Ada");
}

TEST_P(StorageContract, ShowsAnAcknowledgedWriteToAReadOfTheSameLoopTurn) {
  static const auto body = [](Storage& storage, Unit& unit,
                              sql::Statement count) -> boost::asio::awaitable<std::string> {
    RowList before;
    const auto first = co_await storage.read(count, before, Loop::soon());
    const auto written = co_await storage.transact(unit, Loop::soon());
    RowList after;
    const auto second = co_await storage.read(count, after, Loop::soon());
    if (!first.ok() || !written.ok() || !second.ok()) co_return "failed";
    co_return before.text() + " then " + after.text();
  };
  Unit unit = insert(1, "Ada");
  EXPECT_EQ(loop_.wait(body(storage(), unit, {"SELECT count(*) FROM parents", {}})), "0 then 1");
}

TEST_P(StorageContract, ReportsRowsAffected) {
  Unit unit;
  unit.add("INSERT INTO parents (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c')");
  unit.add("UPDATE parents SET name = name || 'x' WHERE id > 1");
  unit.add("DELETE FROM parents WHERE id = 7");
  ASSERT_TRUE(loop_.write(storage(), unit).ok());
  ASSERT_EQ(unit.outcomes.size(), 3U);
  EXPECT_EQ(unit.outcomes[0].affected, 3);
  EXPECT_EQ(unit.outcomes[1].affected, 2);
  EXPECT_EQ(unit.outcomes[2].affected, 0);
}

TEST_P(StorageContract, DeliversReturnedRowsOfAWrite) {
  Unit unit = Unit("INSERT INTO parents (id, name) VALUES (1, 'a'), (2, 'b') RETURNING id, name");
  ASSERT_TRUE(loop_.write(storage(), unit).ok());
  ASSERT_EQ(unit.rows.rows.size(), 2U);
  EXPECT_EQ(RowList::shown(unit.rows.rows[1][1]), "b");
  EXPECT_EQ(unit.outcomes[0].rows, 2);
}

TEST_P(StorageContract, UndoesEverythingOnRollbackWithAnError) {
  Unit unit = insert(1, "Ada");
  unit.undo(make_error(409, "42", "changed my mind"));
  const auto result = loop_.write(storage(), unit);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, "42");
  EXPECT_EQ(rows("SELECT count(*) FROM parents"), "0");
}

TEST_P(StorageContract, SucceedsWithNothingChangedOnRollbackWithoutAnError) {
  Unit unit = insert(1, "Ada");
  unit.undo();
  EXPECT_TRUE(loop_.write(storage(), unit).ok());
  EXPECT_EQ(rows("SELECT count(*) FROM parents"), "0");
}

TEST_P(StorageContract, UndoesTheWholeUnitWhenALaterStatementFails) {
  Unit unit = insert(1, "Ada");
  unit.add("INSERT INTO parents (id, name) VALUES (2, 'Ada')");
  EXPECT_EQ(code_of(loop_.write(storage(), unit)), "23505");
  EXPECT_EQ(rows("SELECT count(*) FROM parents"), "0");
}

/// What two users of one transaction do: a unit each, and a read in between that sees the first one's row.
inline boost::asio::awaitable<Result<Transaction::Ending>> two_users(Storage& storage, Transaction& transaction,
                                                                     Unit& first, sql::Statement count, RowList& seen,
                                                                     Unit& second) {
  Context context = Loop::soon();
  context.within = &transaction;
  auto done = co_await storage.transact(first, context);
  if (!done) co_return std::move(done).error();
  auto read = co_await storage.read(count, seen, context);
  if (!read) co_return std::move(read).error();
  done = co_await storage.transact(second, context);
  if (transaction.broken()) {
    const auto after = co_await storage.read(count, seen, context);
    if (after.ok()) co_return make_error(500, "x", "a broken transaction went on");
  }
  if (!done) co_return std::move(done).error();
  co_return transaction.broken() ? Transaction::Ending::rollback : Transaction::Ending::commit;
}

TEST_P(StorageContract, LetsItsUsersShareATransaction) {
  engine_.storage = with_shared_transactions(std::move(engine_.storage));
  Unit first = insert(1, "Ada");
  Unit second = insert(2, "Grace");
  RowList seen;
  const Transaction::Body body = [&](Transaction& transaction) {
    return two_users(storage(), transaction, first, {"SELECT count(*) FROM parents", {}}, seen, second);
  };
  EXPECT_EQ(code_of(loop_.wait(Transaction::run(storage(), body, Loop::soon()))), "ok");
  EXPECT_EQ(seen.text(), "1");
  EXPECT_EQ(rows("SELECT count(*) FROM parents"), "2");
}

TEST_P(StorageContract, UndoesASharedTransactionAsAWhole) {
  engine_.storage = with_shared_transactions(std::move(engine_.storage));
  Unit failing = insert(1, "Ada");
  Unit undone = insert(2, "Grace");
  undone.undo();
  for (Unit* second : {&failing, &undone}) {
    Unit first = insert(1, "Ada");
    RowList seen;
    const Transaction::Body body = [&](Transaction& transaction) {
      return two_users(storage(), transaction, first, {"SELECT count(*) FROM parents", {}}, seen, *second);
    };
    EXPECT_EQ(code_of(loop_.wait(Transaction::run(storage(), body, Loop::soon()))),
              second == &failing ? "23505" : "ok");
    EXPECT_EQ(rows("SELECT count(*) FROM parents"), "0");
  }
}

TEST_P(StorageContract, PassesOnWhatASharedTransactionsBodyThrows) {
  const Transaction::Body body = [](Transaction&) -> boost::asio::awaitable<Result<Transaction::Ending>> {
    throw std::runtime_error("a bug");
  };
  EXPECT_THROW(loop_.wait(Transaction::run(storage(), body, Loop::soon())), std::runtime_error);
  run("INSERT INTO parents (id, name) VALUES (1, 'Ada')");
}

/// A use of a transaction: its units, one after the other, then a read of how many rows there are.
struct Turn {
  std::vector<Unit> units;
  bool goes_on = true;
  std::string code;   ///< of what failed
  std::string count;  ///< of rows behind the units
};

inline boost::asio::awaitable<bool> take_turn(Turn& turn, sql::Statement count, Transaction& transaction) {
  turn.code = "ok";
  for (Unit& unit : turn.units) {
    unit.restart();
    const auto done = co_await transaction.transact(unit, Loop::soon());
    if (done) continue;
    turn.code = done.error().code;
    co_return false;
  }
  if (!turn.count.empty()) {
    RowList seen;
    const auto read = co_await transaction.read(count, seen, Loop::soon());
    turn.count = read ? seen.text() : read.error().code;
  }
  co_return turn.goes_on;
}

inline boost::asio::awaitable<Result<Transaction::Ending>> take_turns(std::vector<Turn>& turns, sql::Statement count,
                                                                      Transaction& transaction) {
  const Transaction::Use use = [&](std::size_t number, Transaction& within) {
    return take_turn(turns[number], count, within);
  };
  const bool all = co_await transaction.in_turn(turns.size(), use);
  co_return all ? Transaction::Ending::commit : Transaction::Ending::rollback;
}

inline Result<void> run_turns(Loop& loop, Storage& storage, std::vector<Turn>& turns) {
  const Transaction::Body body = [&](Transaction& transaction) {
    return take_turns(turns, {"SELECT count(*) FROM parents", {}}, transaction);
  };
  return loop.wait(Transaction::run(storage, body, Loop::soon()));
}

TEST_P(StorageContract, LetsUsesOfATransactionTakeTurns) {
  // The second turn has two statements, which nobody can know when the first is run.
  std::vector<Turn> turns(4);
  turns[0].units = {insert(1, "a").at_once()};
  turns[1].units = {insert(2, "b").add("INSERT INTO parents (id, name) VALUES (3, 'c')")};
  turns[2].count = "?";
  turns[3].units = {insert(4, "d").at_once()};
  EXPECT_EQ(code_of(run_turns(loop_, storage(), turns)), "ok");
  EXPECT_EQ(turns[2].count, "3");
  EXPECT_EQ(rows("SELECT count(*) FROM parents"), "4");
}

TEST_P(StorageContract, BeginsAnewWhenATurnWantsMoreThanWasForeseen) {
  std::vector<Turn> turns(2);
  turns[0].units = {insert(1, "a").at_once(), insert(2, "b").at_once()};
  turns[1].count = "?";
  EXPECT_EQ(code_of(run_turns(loop_, storage(), turns)), "ok");
  EXPECT_EQ(turns[1].count, "2");
  EXPECT_EQ(rows("SELECT count(*) FROM parents"), "2");
}

TEST_P(StorageContract, EndsTurnsAtTheFirstThatIsNotWell) {
  std::vector<Turn> turns(3);
  turns[0].units = {insert(1, "a").at_once()};
  turns[0].goes_on = false;
  turns[1].units = {insert(1, "b").at_once()};  // would fail
  turns[2].units = {insert(3, "c").at_once()};
  EXPECT_EQ(code_of(run_turns(loop_, storage(), turns)), "ok");
  EXPECT_EQ(turns[0].code, "ok");
  EXPECT_EQ(turns[1].units[0].outcomes.size(), 0U);
  EXPECT_EQ(rows("SELECT count(*) FROM parents"), "0");

  turns[0].goes_on = true;
  EXPECT_EQ(code_of(run_turns(loop_, storage(), turns)), "ok");
  EXPECT_EQ(turns[0].units[0].outcomes.size(), 1U);
  EXPECT_EQ(turns[1].code, "23505");
  EXPECT_EQ(turns[2].units[0].outcomes.size(), 0U);
  EXPECT_EQ(rows("SELECT count(*) FROM parents"), "0");
  run("INSERT INTO parents (id, name) VALUES (1, 'Ada')");
}

TEST_P(StorageContract, KeepsTheOtherUnitsOfAGroupWhenOneFails) {
  Unit a = insert(1, "a");
  Unit b = insert(1, "b");
  Unit c = insert(3, "c");
  c.undo(make_error(400, "x", ""));
  Unit d = insert(4, "");
  Unit e = insert(5, "e");
  const auto results = loop_.write_all(storage(), {&a, &b, &c, &d, &e});
  // Which of the two comes first is the engine's business.
  EXPECT_THAT((std::vector{code_of(results[0]), code_of(results[1])}), ::testing::UnorderedElementsAre("ok", "23505"));
  EXPECT_EQ(code_of(results[2]), "x");
  EXPECT_EQ(code_of(results[3]), "23514");
  EXPECT_EQ(code_of(results[4]), "ok");
  EXPECT_EQ(rows("SELECT id FROM parents ORDER BY id"), "1;5");
}

TEST_P(StorageContract, FailsOnlyTheUnitThatLeavesADeferredForeignKeyBroken) {
  Unit a = insert(1, "a");
  Unit broken("INSERT INTO children (id, parent_id) VALUES (1, 99)");
  Unit c = insert(3, "c");
  const auto results = loop_.write_all(storage(), {&a, &broken, &c});
  EXPECT_EQ(code_of(results[0]), "ok");
  EXPECT_EQ(code_of(results[1]), "23503");
  EXPECT_EQ(code_of(results[2]), "ok");
  EXPECT_EQ(rows("SELECT count(*) FROM parents"), "2");
  EXPECT_EQ(rows("SELECT count(*) FROM children"), "0");
}

TEST_P(StorageContract, LetsAUnitMendADeferredForeignKeyBeforeItEnds) {
  Unit unit("INSERT INTO children (id, parent_id) VALUES (1, 7)");
  unit.add("INSERT INTO parents (id, name) VALUES (7, 'g')");
  EXPECT_EQ(code_of(loop_.write(storage(), unit)), "ok");
}

TEST_P(StorageContract, LosesNoUpdateOfConcurrentUnits) {
  run("INSERT INTO parents (id, name) VALUES (1, '0')");
  std::vector<Unit> units;
  for (int i = 0; i < 40; ++i) {
    units.emplace_back("UPDATE parents SET name = CAST(CAST(name AS integer) + 1 AS text) WHERE id = 1");
  }
  std::vector<Unit*> all;
  for (auto& unit : units) all.push_back(&unit);
  for (const auto& result : loop_.write_all(storage(), all)) EXPECT_EQ(code_of(result), "ok");
  EXPECT_EQ(rows("SELECT name FROM parents"), "40");
}

TEST_P(StorageContract, MapsConstraintViolationsWithTheirNames) {
  run("INSERT INTO parents (id, name) VALUES (1, 'a')");
  const auto unique = attempt("INSERT INTO parents (id, name) VALUES (?, ?)", {std::int64_t{2}, std::string("a")});
  ASSERT_FALSE(unique.ok());
  EXPECT_EQ(unique.error().status, 409);
  EXPECT_EQ(unique.error().message, "duplicate key value violates unique constraint \"parents_name_key\"");
  EXPECT_EQ(unique.error().details, "Key (name)=(a) already exists.");
  const auto primary = attempt("INSERT INTO parents (id, name) VALUES (?, ?)", {std::int64_t{1}, std::string("b")});
  ASSERT_FALSE(primary.ok());
  EXPECT_EQ(primary.error().message, "duplicate key value violates unique constraint \"parents_pkey\"");
  const auto null = attempt("INSERT INTO parents (id, name) VALUES (?, ?)", {std::int64_t{2}, sql::Null{}});
  ASSERT_FALSE(null.ok());
  EXPECT_EQ(null.error().code, "23502");
  EXPECT_EQ(null.error().status, 400);
  EXPECT_EQ(null.error().message, "null value in column \"name\" of relation \"parents\" violates not-null constraint");
  EXPECT_EQ(null.error().details, "Failing row contains (2, null).");
  const auto check = attempt("INSERT INTO parents (id, name) VALUES (?, ?)", {std::int64_t{2}, std::string()});
  ASSERT_FALSE(check.ok());
  EXPECT_EQ(check.error().code, "23514");
  EXPECT_EQ(check.error().message, "new row for relation \"parents\" violates check constraint \"parents_name_check\"");
}

TEST_P(StorageContract, DeliversEveryStorageClass) {
  run("CREATE TABLE kinds (i bigint, r double precision, t text, b " + engine_.blob_type + ", n text)");
  run("INSERT INTO kinds VALUES (?, ?, ?, ?, ?)", {std::int64_t{9223372036854775807}, 0.5, std::string("h\xC3\xA9"),
                                                   sql::Blob{std::string("\0\xFF", 2)}, sql::Null{}});
  RowList list;
  const sql::Statement statement{"SELECT i, r, t, b, n FROM kinds", {}};
  ASSERT_TRUE(loop_.read(storage(), statement, list).ok());
  ASSERT_EQ(list.rows.size(), 1U);
  EXPECT_EQ(RowList::shown(list.rows[0][0]), "9223372036854775807");
  EXPECT_EQ(std::stod(RowList::shown(list.rows[0][1])), 0.5);
  EXPECT_EQ(RowList::shown(list.rows[0][2]), "h\xC3\xA9");
  EXPECT_FALSE(list.rows[0][3].text.empty());
  EXPECT_EQ(list.rows[0][4].kind, sql::Cell::Kind::null);
}

TEST_P(StorageContract, EndsAReadWhoseSinkRefusesARow) {
  run("INSERT INTO parents (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c')");
  RowList list;
  list.refuse_after = 1;
  const sql::Statement statement{"SELECT id FROM parents", {}};
  const auto result = loop_.read(storage(), statement, list);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, "BLST507");
  EXPECT_EQ(rows("SELECT count(*) FROM parents"), "3");
}

TEST_P(StorageContract, UndoesAWriteWhoseSinkRefusesARow) {
  Unit unit("INSERT INTO parents (id, name) VALUES (1, 'a'), (2, 'b') RETURNING id");
  unit.rows.refuse_after = 1;
  EXPECT_EQ(code_of(loop_.write(storage(), unit)), "BLST507");
  EXPECT_EQ(rows("SELECT count(*) FROM parents"), "0");
}

TEST_P(StorageContract, DoesNotRunWhatNobodyWaitsForAnyMore) {
  const Context past{std::chrono::steady_clock::now() - std::chrono::seconds(1)};
  RowList list;
  const sql::Statement statement{"SELECT 1", {}};
  const auto read = loop_.read(storage(), statement, list, past);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, "BLST504");
  EXPECT_EQ(read.error().status, 504);
  EXPECT_TRUE(list.rows.empty());
  Unit unit = insert(1, "a");
  EXPECT_EQ(code_of(loop_.write(storage(), unit, past)), "BLST504");
  EXPECT_EQ(rows("SELECT count(*) FROM parents"), "0");
}

TEST_P(StorageContract, InterruptsAReadAtItsDeadline) {
  RowList list;
  const sql::Statement statement{engine_.endless, {}};
  const auto result =
      loop_.read(storage(), statement, list, {std::chrono::steady_clock::now() + std::chrono::milliseconds(50)});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, "BLST504");
  EXPECT_EQ(rows("SELECT 1"), "1");
}

TEST_P(StorageContract, InterruptsAWriteAtItsDeadlineAndKeepsItsNeighbours) {
  Unit a = insert(1, "a");
  Unit slow = insert(2, "b");
  slow.add("INSERT INTO parents (id, name) SELECT 3, CAST(count(*) AS text) FROM (" + engine_.endless + ") AS e");
  Unit c = insert(4, "d");
  std::vector<Result<void>> results(3);
  const auto start = [&](int i, Unit& unit, Context when) {
    boost::asio::co_spawn(loop_.context, storage().transact(unit, when),
                          [&results, i](std::exception_ptr, Result<void> r) { results[i] = std::move(r); });
  };
  start(0, a, Loop::soon());
  start(1, slow, {std::chrono::steady_clock::now() + std::chrono::milliseconds(50)});
  start(2, c, Loop::soon());
  loop_.context.restart();
  loop_.context.run();
  EXPECT_EQ(code_of(results[0]), "ok");
  EXPECT_EQ(code_of(results[1]), "BLST504");
  EXPECT_EQ(code_of(results[2]), "ok");
  EXPECT_EQ(rows("SELECT id FROM parents ORDER BY id"), "1;4");
}

TEST_P(StorageContract, PassesABugInAUnitOnToItsCallerAndUndoesIt) {
  Unit unit = insert(1, "a");
  unit.add("INSERT INTO parents (id, name) VALUES (2, 'b')").before(1, [] { throw Bug("in the unit"); });
  Unit other = insert(3, "c");
  const auto results = loop_.write_all(storage(), {&unit, &other});
  EXPECT_EQ(code_of(results[0]), "thrown");
  EXPECT_EQ(code_of(results[1]), "ok");
  EXPECT_EQ(rows("SELECT id FROM parents"), "3");
}

TEST_P(StorageContract, SaysWhatAMissingTableOrColumnIs) {
  EXPECT_EQ(rows("SELECT 1 FROM missing"), "42P01");
  EXPECT_EQ(rows("SELECT missing FROM parents"), "42703");
}

TEST_P(StorageContract, NeverShowsDriverTextOrSqlToAClient) {
  RowList list;
  const sql::Statement statement{"SELEC 1", {}};
  const auto result = loop_.read(storage(), statement, list);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().message.find("SELEC"), std::string::npos);
  EXPECT_EQ(result.error().details, "");
}

TEST_P(StorageContract, MovesTheSchemaVersionWithTheSchemaOnly) {
  const auto before = storage().schema_version();
  run("INSERT INTO parents (id, name) VALUES (1, 'a')");
  const auto same = storage().schema_version();
  run("CREATE TABLE more (id integer PRIMARY KEY)");
  const auto after = storage().schema_version();
  ASSERT_TRUE(before.ok() && same.ok() && after.ok());
  EXPECT_EQ(*before, *same);
  EXPECT_NE(*before, *after);
}

TEST_P(StorageContract, IntrospectsWhatItHolds) {
  const auto snapshot = storage().introspect();
  ASSERT_TRUE(snapshot.ok());
  const auto* parents = (*snapshot)->relation("public", "parents");
  ASSERT_NE(parents, nullptr);
  EXPECT_EQ(parents->primary_key, std::vector<std::string>{"id"});
  EXPECT_EQ((*snapshot)->relationships("public", "parents").size(), 1U);
}

TEST_P(StorageContract, AnswersAPing) { EXPECT_TRUE(storage().ping().ok()); }

TEST_P(StorageContract, CompletesWhatItAcceptedWhenClosed) {
  std::vector<Unit> units;
  for (int i = 1; i <= 50; ++i) units.push_back(insert(i, "n" + std::to_string(i)));
  int answered = 0;
  for (auto& unit : units) {
    boost::asio::co_spawn(loop_.context, storage().transact(unit, Loop::soon()),
                          [&answered](std::exception_ptr, const Result<void>& r) { answered += r.ok() ? 1 : 0; });
  }
  loop_.context.restart();
  loop_.context.poll();
  storage().close();
  loop_.context.run();
  EXPECT_EQ(answered, 50);
}

TEST_P(StorageContract, RefusesWhatComesAfterItWasClosed) {
  EXPECT_EQ(rows("SELECT 1"), "1");
  storage().close();
  EXPECT_EQ(rows("SELECT 1").substr(0, 4), "BLST");
  EXPECT_EQ(code_of(attempt("SELECT 1")).substr(0, 4), "BLST");
  EXPECT_FALSE(storage().ping().ok());
}

}  // namespace ballast::storage::testing
