#include "storage/transaction.hpp"

#include <gtest/gtest.h>

#include "storage/memory/fake_storage.hpp"
#include "storage/test_support.hpp"

namespace ballast::storage {
namespace {

using testing::code_of;
using testing::Loop;
using testing::Unit;

boost::asio::awaitable<Result<Transaction::Ending>> two_writes(Transaction& transaction, int& runs) {
  ++runs;
  for (int i = 0; i < 2; ++i) {
    Unit unit("INSERT INTO a DEFAULT VALUES");
    auto done = co_await transaction.transact(unit, Loop::soon());
    if (!done) co_return std::move(done).error();
  }
  co_return Transaction::Ending::commit;
}

TEST(Transaction, BeginsItsBodyAnewWhenTheEngineDoes) {
  FakeStorage storage;
  storage.restarts = 3;
  int runs = 0;
  Loop loop;
  const Transaction::Body body = [&runs](Transaction& transaction) { return two_writes(transaction, runs); };
  EXPECT_EQ(code_of(loop.wait(Transaction::run(storage, body, Loop::soon()))), "ok");
  EXPECT_EQ(runs, 4);
  EXPECT_EQ(storage.commits, 1U);
}

/// A storage that shows what its engine is asked for: each statement, and its unit, which tells what comes behind it.
class WatchedStorage final : public Storage {
 public:
  using Asked = std::function<void(const UnitOfWork::Run&, const UnitOfWork&)>;
  WatchedStorage(bool looks_ahead, Asked asked) : looks_ahead_(looks_ahead), asked_(std::move(asked)) {}

  FakeStorage fake;

  const sql::Dialect& dialect() const noexcept override { return fake.dialect(); }
  bool looks_ahead() const noexcept override { return looks_ahead_; }
  boost::asio::awaitable<Result<Outcome>> read(const sql::Statement& statement, sql::RowSink& sink,
                                               Context context) override {
    return fake.read(statement, sink, context);
  }
  boost::asio::awaitable<Result<void>> transact(UnitOfWork& unit, Context context) override {
    Watched watched(unit, asked_);
    co_return co_await fake.transact(watched, context);
  }
  Result<catalog::SnapshotPtr> introspect() override { return fake.introspect(); }
  Result<std::int64_t> schema_version() override { return fake.schema_version(); }
  Result<void> ping() override { return fake.ping(); }
  void visit_stats(const StatVisitor& visit) const override { fake.visit_stats(visit); }
  void close() override { fake.close(); }

 private:
  class Watched final : public UnitOfWork {
   public:
    Watched(UnitOfWork& unit, const Asked& asked) : unit_(unit), asked_(asked) {}
    Next next(const Result<Outcome>* previous) override {
      Next next = unit_.next(previous);
      const auto* run = std::get_if<Run>(&next);
      if (run != nullptr) asked_(*run, unit_);
      return next;
    }
    void restart() override { unit_.restart(); }

   private:
    UnitOfWork& unit_;
    const Asked& asked_;
  };

  const bool looks_ahead_;
  const Asked asked_;
};

boost::asio::awaitable<Result<Transaction::Ending>> write_as(Storage& storage, Transaction& transaction,
                                                             const Session* session) {
  Unit unit("INSERT INTO a DEFAULT VALUES");
  Context context = Loop::soon();
  context.within = &transaction;
  context.session = session;
  auto done = co_await storage.transact(unit, context);
  if (!done) co_return std::move(done).error();
  co_return Transaction::Ending::commit;
}

boost::asio::awaitable<Result<Transaction::Ending>> nested(Storage& storage, Transaction& outer, const Session& ann) {
  auto own = co_await write_as(storage, outer, nullptr);
  if (!own) co_return own;
  const Transaction::Body body = [&](Transaction& inner) { return write_as(storage, inner, &ann); };
  Context context = Loop::soon();
  context.within = &outer;
  auto done = co_await Transaction::run(storage, body, context);
  if (!done) co_return std::move(done).error();
  co_return co_await write_as(storage, outer, nullptr);
}

TEST(Transaction, RunsEachStatementForWhomItIsAlsoWithinAnother) {
  std::vector<std::string> roles;
  const auto storage = with_shared_transactions(
      std::make_unique<WatchedStorage>(false, [&roles](const UnitOfWork::Run& run, const UnitOfWork&) {
        roles.push_back(run.session == nullptr ? "as before" : run.session->settings.at(0).second);
      }));
  const Session ann{{{"role", "ann"}}, ""};
  const Transaction::Body body = [&](Transaction& outer) { return nested(*storage, outer, ann); };
  Loop loop;
  EXPECT_EQ(code_of(loop.wait(Transaction::run(*storage, body, Loop::soon()))), "ok");
  EXPECT_EQ(roles, (std::vector<std::string>{"as before", "ann", "none"}));
}

boost::asio::awaitable<bool> write_in_turn(Transaction& within, std::string text, bool goes_on) {
  Unit unit(text);
  unit.at_once();
  (void)co_await within.transact(unit, Loop::soon());
  co_return goes_on;
}

boost::asio::awaitable<Result<Transaction::Ending>> two_turns(Transaction& transaction, bool second_goes_on) {
  const Transaction::Use use = [second_goes_on](std::size_t number, Transaction& within) {
    return write_in_turn(within, number == 0 ? "b" : "c", number == 0 || second_goes_on);
  };
  const bool all = co_await transaction.in_turn(2, use);
  co_return all && !transaction.broken() ? Transaction::Ending::commit : Transaction::Ending::rollback;
}

/// a, then a transaction within this one of which b and c are turns, then d.
boost::asio::awaitable<bool> turn_of(Storage& storage, std::size_t number, Transaction& within, bool c_goes_on) {
  if (number == 0) co_return co_await write_in_turn(within, "a", true);
  if (number == 2) co_return co_await write_in_turn(within, "d", true);
  const Transaction::Body body = [c_goes_on](Transaction& inner) { return two_turns(inner, c_goes_on); };
  Context context = Loop::soon();
  context.within = &within;
  const auto done = co_await Transaction::run(storage, body, context);
  co_return done.ok() && !within.broken();
}

boost::asio::awaitable<Result<Transaction::Ending>> three_turns(Storage& storage, Transaction& transaction,
                                                                bool c_goes_on) {
  const Transaction::Use use = [&storage, c_goes_on](std::size_t number, Transaction& within) {
    return turn_of(storage, number, within, c_goes_on);
  };
  const bool all = co_await transaction.in_turn(3, use);
  co_return all && !transaction.broken() ? Transaction::Ending::commit : Transaction::Ending::rollback;
}

TEST(Transaction, LooksAheadAcrossTurnsAndStopsWhereNobodyKnows) {
  std::vector<std::string> asked;
  const auto storage = with_shared_transactions(
      std::make_unique<WatchedStorage>(true, [&asked](const UnitOfWork::Run& run, const UnitOfWork& unit) {
        std::string& all = asked.emplace_back(run.statement->text + ":");
        for (const auto& ahead : unit.ahead()) all += ahead.statement->text;
      }));
  Loop loop;
  const Transaction::Body body = [&](Transaction& outer) { return three_turns(*storage, outer, true); };
  EXPECT_EQ(code_of(loop.wait(Transaction::run(*storage, body, Loop::soon()))), "ok");
  EXPECT_EQ(asked, (std::vector<std::string>{"a:bc", "b:c", "c:", "d:"}));
}

TEST(Transaction, DropsTheTurnsBehindOneThatEndsIt) {
  for (const int restarts : {0, 2}) {
    auto fake = std::make_unique<WatchedStorage>(true, [](const auto&, const auto&) {});
    FakeStorage& engine = fake->fake;
    engine.restarts = restarts;
    const auto storage = with_shared_transactions(std::move(fake));
    Loop loop;
    const Transaction::Body body = [&](Transaction& outer) { return three_turns(*storage, outer, false); };
    EXPECT_EQ(code_of(loop.wait(Transaction::run(*storage, body, Loop::soon()))), "ok");
    EXPECT_EQ(engine.statements.size(), 3U * static_cast<std::size_t>(restarts + 1));
    EXPECT_EQ(engine.commits, 0U);
  }
}

TEST(Transaction, ForgetsTurnsThatStillWaitWhenItFails) {
  for (std::size_t operation = 0; operation < 4; ++operation) {
    auto fake = std::make_unique<WatchedStorage>(true, [](const auto&, const auto&) {});
    FakeStorage& engine = fake->fake;
    engine.fail_at = operation;
    const auto storage = with_shared_transactions(std::move(fake));
    Loop loop;
    const Transaction::Body body = [&](Transaction& outer) { return three_turns(*storage, outer, true); };
    (void)loop.wait(Transaction::run(*storage, body, Loop::soon())).ok();
    EXPECT_TRUE(engine.failed);
    EXPECT_EQ(engine.commits, 0U) << operation;
  }
}

TEST(Transaction, FailsWithWhatFailedAtEachOfItsOperations) {
  for (std::size_t operation = 0; operation < 3; ++operation) {
    FakeStorage storage;
    storage.fail_at = operation;
    int runs = 0;
    Loop loop;
    const Transaction::Body body = [&runs](Transaction& transaction) { return two_writes(transaction, runs); };
    EXPECT_EQ(code_of(loop.wait(Transaction::run(storage, body, Loop::soon()))), "BLST605") << operation;
    EXPECT_EQ(storage.commits, 0U);
  }
}

}  // namespace
}  // namespace ballast::storage
