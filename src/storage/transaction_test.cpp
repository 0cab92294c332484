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
