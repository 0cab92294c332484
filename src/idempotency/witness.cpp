#include "idempotency/witness.hpp"

#include "records/run_statement.hpp"

namespace ballast::idempotency {
namespace {

using boost::asio::awaitable;

Error rehearsed() { return make_error(409, "BLST828", "this was a rehearsal"); }

}  // namespace

awaitable<Result<storage::Outcome>> Witness::read(const sql::Statement& statement, sql::RowSink& sink,
                                                  storage::Context context) {
  asked_ = true;
  return transaction_.read(statement, sink, context);
}

awaitable<Result<void>> Witness::transact(storage::UnitOfWork& unit, storage::Context context) {
  if (context.isolation != storage::Isolation::standard && context.isolation != isolation_) {
    wanted_ = context.isolation;
    co_return make_error(409, "40001", "the transaction begins anew, in another isolation");
  }
  asked_ = true;
  co_return co_await transaction_.transact(unit, context);
}

bool Witness::failed_for_good() const noexcept {
  const auto& error = failure();
  if (!error) return true;
  // PostgreSQL manual, appendix A: serialization failures, deadlocks, locks that were not to be had, interruptions.
  const std::string_view code = error->code;
  return error->status < 500 && !code.starts_with("40") && !code.starts_with("55") && !code.starts_with("57");
}

awaitable<Result<storage::Outcome>> Rehearsal::read(const sql::Statement& statement, sql::RowSink&,
                                                    storage::Context context) {
  auto explained = co_await explain(statement, context);
  if (!explained) co_return std::move(explained).error();
  co_return rehearsed();
}

awaitable<Result<void>> Rehearsal::transact(storage::UnitOfWork& unit, storage::Context context) {
  if (unit.after_first() != storage::UnitOfWork::Ending::commit) {
    auto done = co_await transaction_.transact(unit, context);
    const auto& broken_by = transaction_.failure();
    allowed_ = !broken_by || (broken_by->status != 401 && broken_by->status != 403);
    co_return done;
  }
  auto next = unit.next(nullptr);
  const auto* run = std::get_if<storage::UnitOfWork::Run>(&next);
  Result<void> explained;
  if (run != nullptr) explained = co_await explain(*run->statement, context);
  Result<storage::Outcome> outcome = explained ? rehearsed() : Error(explained.error());
  const Error told = outcome.error();
  if (run != nullptr) unit.next(&outcome);
  co_return told;
}

awaitable<Result<void>> Rehearsal::explain(const sql::Statement& statement, storage::Context context) {
  if (explains_) {
    const sql::Statement question{"EXPLAIN " + statement.text, statement.params, false};
    records::NoRows plan;
    context.answer = nullptr;
    auto done = co_await transaction_.read(question, plan, context);
    if (!done) co_return std::move(done).error();
  }
  allowed_ = true;
  co_return Result<void>();
}

}  // namespace ballast::idempotency
