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

/// Notes for whom each statement was run, as an engine is told.
class Listening final : public UnitOfWork {
 public:
  Listening(UnitOfWork& unit, std::vector<std::string>& roles) : unit_(unit), roles_(roles) {}
  Next next(const Result<Outcome>* previous) override {
    Next next = unit_.next(previous);
    const auto* run = std::get_if<Run>(&next);
    if (run != nullptr) roles_.push_back(run->session == nullptr ? "as before" : run->session->settings.at(0).second);
    return next;
  }
  void restart() override { unit_.restart(); }

 private:
  UnitOfWork& unit_;
  std::vector<std::string>& roles_;
};

class ListeningStorage final : public Storage {
 public:
  FakeStorage fake;
  std::vector<std::string> roles;

  const sql::Dialect& dialect() const noexcept override { return fake.dialect(); }
  boost::asio::awaitable<Result<Outcome>> read(const sql::Statement& statement, sql::RowSink& sink,
                                               Context context) override {
    return fake.read(statement, sink, context);
  }
  boost::asio::awaitable<Result<void>> transact(UnitOfWork& unit, Context context) override {
    Listening listening(unit, roles);
    co_return co_await fake.transact(listening, context);
  }
  Result<catalog::SnapshotPtr> introspect() override { return fake.introspect(); }
  Result<std::int64_t> schema_version() override { return fake.schema_version(); }
  Result<void> ping() override { return fake.ping(); }
  void visit_stats(const StatVisitor& visit) const override { fake.visit_stats(visit); }
  void close() override { fake.close(); }
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
  auto listening = std::make_unique<ListeningStorage>();
  ListeningStorage& engine = *listening;
  const auto storage = with_shared_transactions(std::move(listening));
  const Session ann{{{"role", "ann"}}, ""};
  const Transaction::Body body = [&](Transaction& outer) { return nested(*storage, outer, ann); };
  Loop loop;
  EXPECT_EQ(code_of(loop.wait(Transaction::run(*storage, body, Loop::soon()))), "ok");
  EXPECT_EQ(engine.roles, (std::vector<std::string>{"as before", "ann", "none"}));
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
