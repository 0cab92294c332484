#include "locks/sql_lease_repository.hpp"

#include "locks/acquisition.hpp"
#include "locks/lease_row.hpp"
#include "records/run_statement.hpp"

namespace ballast::locks {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;

/// The request's role has no rights to Ballast's tables.
storage::Context as_ourselves(storage::Context context) {
  context.session = nullptr;
  context.answer = nullptr;
  return context;
}

}  // namespace

/// A database that was exchanged under us may have none of our tables.
Error SqlLeaseRepository::understand(Error error) {
  if (error.code != "42P01") return error;
  tables_.forget();
  return unavailable("BLST609", "the database's schema changed meanwhile", 1);
}

awaitable<Result<storage::Outcome>> SqlLeaseRepository::write(sql::Literal text, std::vector<sql::Param> params,
                                                              sql::RowSink& sink, storage::Context context) {
  auto there = co_await tables_.ensure(context.deadline);
  if (!there) co_return std::move(there).error();
  sql::Statement statement{std::string(text.view()), std::move(params), true};
  auto done = co_await records::run_statement(storage_, std::move(statement), sink, context);
  if (!done) co_return understand(std::move(done).error());
  co_return *done;
}

awaitable<Result<Attempt>> SqlLeaseRepository::acquire(Claim claim, storage::Context context) {
  // Most attempts at a name that is held end here, without a lock or a transaction.
  auto holder = co_await find(claim.name, context);
  if (!holder) co_return std::move(holder).error();
  if (*holder) co_return Attempt{Attempt::Outcome::held, std::move(**holder)};
  Acquisition unit(sql_, std::move(claim));
  auto done = co_await storage_.transact(unit, as_ourselves(context));
  if (!done) co_return understand(std::move(done).error());
  co_return std::move(unit).attempt();
}

awaitable<Result<std::optional<Lease>>> SqlLeaseRepository::renew(Grip grip, milliseconds ttl,
                                                                  storage::Context context) {
  LeaseRow row;
  std::vector<sql::Param> params{grip.name, grip.token, std::move(grip.owner), std::int64_t{ttl.count()}};
  auto done = co_await write(sql_.renew, std::move(params), row, context);
  if (!done) co_return std::move(done).error();
  co_return row.take(std::move(grip.name));
}

awaitable<Result<bool>> SqlLeaseRepository::release(Grip grip, storage::Context context) {
  records::NoRows none;
  std::vector<sql::Param> params{std::move(grip.name), grip.token, std::move(grip.owner)};
  auto done = co_await write(sql_.release, std::move(params), none, context);
  if (!done) co_return std::move(done).error();
  co_return done->affected > 0;
}

awaitable<Result<std::optional<Lease>>> SqlLeaseRepository::find(std::string name, storage::Context context) {
  auto there = co_await tables_.ensure(context.deadline);
  if (!there) co_return std::move(there).error();
  LeaseRow row;
  const sql::Statement statement{std::string(sql_.find.view()), {name}, false};
  auto done = co_await storage_.read(statement, row, as_ourselves(context));
  if (!done) co_return understand(std::move(done).error());
  co_return row.take(std::move(name));
}

awaitable<Result<void>> SqlLeaseRepository::prepare(storage::Context context) {
  return tables_.ensure(context.deadline);
}

awaitable<Result<bool>> SqlLeaseRepository::check_fence(std::string name, std::int64_t token,
                                                        storage::Context context) {
  records::NoRows none;
  sql::Statement question{std::string(sql_.check_fence.view()), {}, true};
  question.params.emplace_back(std::move(name));
  question.params.emplace_back(token);
  // No tables are made in somebody's transaction: `prepare` has.
  auto done = co_await records::run_statement(storage_, std::move(question), none, context);
  // PostgreSQL's statement fails where there is no such lease: see `LeaseSql::check_fence`.
  if (!done && done.error().code == "22P02") co_return false;
  if (!done) co_return understand(std::move(done).error());
  co_return done->rows > 0;
}

}  // namespace ballast::locks
