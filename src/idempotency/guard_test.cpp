#include "idempotency/guard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "idempotency/memory_key_repository.hpp"
#include "idempotency/sql_key_repository.hpp"
#include "locks/memory_lease_repository.hpp"
#include "storage/memory/fake_storage.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/failing_vfs.hpp"
#include "storage/test_support.hpp"

namespace ballast::idempotency {
namespace {

using storage::testing::FailingVfs;
using storage::testing::Loop;
using storage::testing::TemporaryFolder;
using storage::testing::Unit;

/// The handler that is guarded: one statement in the request's transaction.
struct Effect {
  storage::Storage& storage;
  std::string text = "INSERT INTO effect (v) VALUES ('x')";
  int calls = 0;
  bool asks = true;
  std::vector<int> statuses;  ///< answered in turn in place of 201

  static http::Reply run(Effect& self, http::Request& request) {
    ++self.calls;
    http::Response response = http::json_response(201, R"({"done":true})");
    if (!self.asks) {
      response.status = 404;
      co_return response;
    }
    Unit unit(self.text);
    storage::Context context{request.deadline};
    context.within = request.within;
    const auto done = co_await self.storage.transact(unit, context);
    if (!done) co_return http::problem_response(done.error());
    if (!self.statuses.empty()) {
      response.status = self.statuses.front();
      self.statuses.erase(self.statuses.begin());
    }
    co_return response;
  }
};

Guard::Parts parts(storage::Storage& storage, KeyRepository& keys, Effect& effect) {
  return {.storage = storage,
          .keys = &keys,
          .handler = [&effect](http::Request& request) { return Effect::run(effect, request); },
          .guards = [](std::string_view path) { return path.starts_with("/rest/"); },
          .render = [](const http::Request&, const Error& error) { return http::problem_response(error); },
          .settings = {.anonymous = true, .required = {"/rest/payments"}}};
}

http::Request request(std::string_view key, std::string body = "{}", std::string_view path = "/rest/items") {
  http::Request made;
  made.method = http::Method::post;
  made.method_name = "POST";
  made.path = path;
  made.body = std::move(body);
  made.received = std::chrono::steady_clock::now();
  made.deadline = made.received + std::chrono::seconds(20);
  if (!key.empty()) made.headers.add("Idempotency-Key", key);
  return made;
}

/// As `200`, or `200 replayed`.
std::string told(const http::Response& response) {
  return std::to_string(response.status) + (response.find("Idempotency-Replayed") != nullptr ? " replayed" : "");
}

class GuardTest : public testing::Test {
 protected:
  std::string send(http::Request asked) { return told(loop_.wait(guard_.handle(asked))); }

  Loop loop_;
  FakeClock clock_;
  storage::FakeStorage fake_;
  std::unique_ptr<storage::Storage> storage_ = storage::with_shared_transactions(std::make_unique<Borrowed>(fake_));
  MemoryKeyRepository keys_{clock_};
  Effect effect_{*storage_};
  Guard guard_{parts(*storage_, keys_, effect_)};

 private:
  /// The fake outlives what is made of it.
  class Borrowed final : public storage::Storage {
   public:
    explicit Borrowed(storage::Storage& storage) : storage_(storage) {}
    const sql::Dialect& dialect() const noexcept override { return storage_.dialect(); }
    boost::asio::awaitable<Result<storage::Outcome>> read(const sql::Statement& statement, sql::RowSink& sink,
                                                          storage::Context context) override {
      return storage_.read(statement, sink, context);
    }
    boost::asio::awaitable<Result<void>> transact(storage::UnitOfWork& unit, storage::Context context) override {
      return storage_.transact(unit, context);
    }
    Result<catalog::SnapshotPtr> introspect() override { return storage_.introspect(); }
    Result<std::int64_t> schema_version() override { return storage_.schema_version(); }
    Result<void> ping() override { return storage_.ping(); }
    void visit_stats(const storage::StatVisitor& visit) const override { storage_.visit_stats(visit); }
    void close() override { storage_.close(); }

   private:
    storage::Storage& storage_;
  };
};

TEST_F(GuardTest, ExecutesAKeyOnceAndRepeatsItsAnswer) {
  EXPECT_EQ(send(request("k")), "201");
  EXPECT_EQ(send(request("k")), "201 replayed");
  EXPECT_EQ(send(request("k", "{\"other\":1}")), "422");
  EXPECT_EQ(fake_.commits, 1U);
  clock_.advance(std::chrono::hours(25));
  EXPECT_EQ(send(request("k")), "201");
}

TEST_F(GuardTest, PassesOnWhatHasNoKeyAndRefusesWhereOneIsRequired) {
  EXPECT_EQ(send(request("")), "201");
  EXPECT_EQ(send(request("")), "201");
  EXPECT_EQ(effect_.calls, 2);
  EXPECT_EQ(send(request("", "{}", "/rest/payments")), "400");
  EXPECT_EQ(send(request("k", "{}", "/rest/payments")), "201");
  http::Request safe = request("k");
  safe.method = http::Method::get;
  EXPECT_EQ(send(safe), "201");
  EXPECT_EQ(send(request("a b")), "400");
}

TEST_F(GuardTest, WritesUnderNoLeaseThatItCannotCheck) {
  http::Request fenced = request("");
  fenced.headers.add("Ballast-Fence", "seat;token=1");
  EXPECT_EQ(send(fenced), "400");
  locks::MemoryLeaseRepository leases(clock_);
  auto with_leases = parts(*storage_, keys_, effect_);
  with_leases.leases = &leases;
  Guard guard(with_leases);
  EXPECT_EQ(told(loop_.wait(guard.handle(fenced))), "401");
  fenced.principal.authenticated = true;
  EXPECT_EQ(told(loop_.wait(guard.handle(fenced))), "412");
  EXPECT_EQ(effect_.calls, 0);
}

TEST_F(GuardTest, KeepsWhatTheRowsDecidedAndFreesWhatTheyDidNot) {
  std::optional<Error> next;
  fake_.answer = [&next](const sql::Statement&) -> std::optional<storage::FakeStorage::Answer> {
    if (!next) return std::nullopt;
    return storage::FakeStorage::Answer{.error = *std::exchange(next, std::nullopt)};
  };
  const auto fail_once = [&next](Error error) { next = std::move(error); };
  fail_once(make_error(409, "23505", "there already"));
  EXPECT_EQ(send(request("conflict")), "409");
  EXPECT_EQ(send(request("conflict")), "409 replayed");
  fail_once(make_error(403, "42501", "not allowed"));
  EXPECT_EQ(send(request("denied")), "403");
  EXPECT_EQ(send(request("denied")), "201");
  fail_once(make_error(409, "40001", "could not serialize"));
  EXPECT_EQ(send(request("serialize")), "409");
  EXPECT_EQ(send(request("serialize")), "201");
  effect_.asks = false;
  EXPECT_EQ(send(request("not-asked")), "404");
  effect_.asks = true;
  EXPECT_EQ(send(request("not-asked")), "201");
  effect_.statuses = {404};
  EXPECT_EQ(send(request("found-nothing")), "404");
  EXPECT_EQ(send(request("found-nothing")), "404 replayed");
}

/// The memory repository has no transactions: what it was told stays, as if the lost commit had come through.
TEST_F(GuardTest, LooksForItsOwnAnswerAfterAnUncertainCommit) {
  fake_.failure = make_error(502, "BLST720", "uncertain");
  fake_.fail_at = 1;
  EXPECT_EQ(send(request("k")), "201");
  EXPECT_EQ(effect_.calls, 2);  // the second time for the rights alone
  EXPECT_EQ(send(request("k")), "201 replayed");
}

struct Fault {
  const char* name;
  int count;
  int code;
};

class GuardFaults : public testing::TestWithParam<Fault> {};

/// The disk fails at operation 0, 1, 2 … until nothing fails any more: whatever the first request is told, after its
/// retries there is one effect, and one key.
TEST_P(GuardFaults, LeaveOneEffectAfterRetries) {
  FailingVfs disk;
  bool failed = true;
  int operation = 0;
  for (; failed && operation < 300; ++operation) {
    const TemporaryFolder folder;
    storage::SqliteSettings settings;
    settings.vfs = FailingVfs::name;
    Loop loop;
    const auto storage =
        storage::with_shared_transactions(std::move(*storage::open_sqlite(folder.file("fault.db"), settings)));
    records::Tables tables(*storage);
    SqlKeyRepository keys(*storage, tables);
    ASSERT_TRUE(loop.write(*storage, "CREATE TABLE effect (id integer PRIMARY KEY, v text)"));
    ASSERT_TRUE(loop.wait(keys.prepare(Loop::soon())));
    Effect effect{*storage};
    Guard guard(parts(*storage, keys, effect));
    disk.fail(operation, GetParam().count, GetParam().code);
    http::Request first = request("k");
    const int status = loop.wait(guard.handle(first)).status;
    EXPECT_TRUE(status == 201 || status == 503) << status << " at operation " << operation;
    disk.heal();
    failed = disk.failures() > 0;
    http::Request retry = request("k");
    const http::Response answer = loop.wait(guard.handle(retry));
    EXPECT_EQ(answer.status, 201) << "at operation " << operation;
    if (status == 201) { EXPECT_EQ(told(answer), "201 replayed"); }
    EXPECT_EQ(loop.rows(*storage, "SELECT count(*) FROM effect"), "1") << "at operation " << operation;
    EXPECT_EQ(loop.rows(*storage, "SELECT count(*) FROM ballast_idempotency_key"), "1");
    storage->close();
  }
  EXPECT_FALSE(failed) << "the loop did not come to an end";
  EXPECT_GT(operation, 3) << "few operations were tried";
}

INSTANTIATE_TEST_SUITE_P(Disk, GuardFaults,
                         testing::Values(Fault{"OneWriteError", 1, SQLITE_IOERR_WRITE},
                                         Fault{"OneSyncError", 1, SQLITE_IOERR_FSYNC}, Fault{"Full", 5, SQLITE_FULL}),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace ballast::idempotency
