#include "idempotency/witness.hpp"

namespace ballast::idempotency {
namespace {

using boost::asio::awaitable;

Error rehearsed() { return make_error(409, "BLST828", "this was a rehearsal"); }

/// Runs a unit, and takes it back.
class Undone final : public storage::UnitOfWork {
 public:
  explicit Undone(UnitOfWork& unit) : unit_(unit) {}

  Next next(const Result<storage::Outcome>* previous) override {
    if (previous != nullptr && !previous->ok()) failure = previous->error();
    asked = asked || previous != nullptr;
    Next next = unit_.next(previous);
    if (std::holds_alternative<Commit>(next)) return Rollback{};
    if (auto* run = std::get_if<Run>(&next)) run->last = false;
    return next;
  }
  std::span<const Run> ahead() const override { return unit_.ahead(); }
  void restart() override {
    unit_.restart();
    failure.reset();
    asked = false;
  }

  std::optional<Error> failure;  ///< of its last statement
  bool asked = false;            ///< the database has answered

 private:
  UnitOfWork& unit_;
};

/// Asks PostgreSQL how it would run a statement.
class Explanation final : public storage::UnitOfWork {
 public:
  explicit Explanation(const sql::Statement& statement)
      : question_{"EXPLAIN " + statement.text, statement.params, false} {}

  Next next(const Result<storage::Outcome>* previous) override {
    if (previous == nullptr) return Run{&question_, nullptr};
    if (!*previous) return Rollback{previous->error()};
    return Commit{};
  }
  void restart() override {}
  Ending after_first() const override { return Ending::commit; }

 private:
  const sql::Statement question_;
};

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

awaitable<Result<storage::Outcome>> Rehearsal::read(const sql::Statement& statement, sql::RowSink&,
                                                    storage::Context context) {
  auto explained = co_await explain(statement, context);
  if (!explained) co_return std::move(explained).error();
  co_return storage::Outcome();
}

awaitable<Result<void>> Rehearsal::transact(storage::UnitOfWork& unit, storage::Context context) {
  context.within = nullptr;
  if (unit.after_first() != storage::UnitOfWork::Ending::commit) {
    Undone undone(unit);
    auto done = co_await storage_.transact(undone, context);
    asked_ = asked_ || undone.asked;
    denied_ = denied_ || (undone.failure && (undone.failure->status == 401 || undone.failure->status == 403));
    failure_ = std::move(undone.failure);
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
  if (storage_.dialect().engine() == sql::Engine::postgres) {
    context.within = nullptr;
    context.answer = nullptr;
    Explanation question(statement);
    auto done = co_await storage_.transact(question, context);
    if (!done) {
      failure_ = done.error();
      denied_ = true;
      co_return done;
    }
  }
  asked_ = true;
  co_return Result<void>();
}

}  // namespace ballast::idempotency
