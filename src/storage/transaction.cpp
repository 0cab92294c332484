#include "storage/transaction.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <optional>
#include <utility>
#include <variant>

#include "base/check.hpp"
#include "storage/inline_executor.hpp"
#include "storage/waiter.hpp"

namespace ballast::storage {
namespace {

namespace asio = boost::asio;

/// The body as a machine that the engine asks for statements: it runs until it waits for one.
class BodyUnit final : public UnitOfWork, public Transaction {
 public:
  explicit BodyUnit(const Body& body) : body_(body) {}
  ~BodyUnit() override { forget(); }

  Next next(const Result<Outcome>* previous) override {
    if (previous == nullptr) {
      asio::co_spawn(asio::any_io_executor(executor_), drive(), [this](std::exception_ptr bug) { bug_ = bug; });
    } else {
      if (previous->ok()) {
        outcome_.emplace(**previous);
      } else {
        outcome_.emplace(previous->error());
        broken_ = true;
        failure_ = previous->error();
      }
      std::exchange(waiter_, nullptr)->resume();
    }
    executor_.run();
    if (bug_) std::rethrow_exception(std::exchange(bug_, nullptr));
    if (!end_) {
      check(waiter_ != nullptr, "a transaction's body waits for something that is not the storage");
      return step_;
    }
    if (!*end_) return Rollback{end_->error()};
    if (**end_ == Transaction::Ending::rollback) return Rollback{};
    check(!broken_, "a transaction's body committed what can only be undone");
    return Commit{};
  }

  void restart() override {
    forget();
    broken_ = false;
    failure_.reset();
    speaks_for_ = nullptr;
    end_.reset();
    outcome_.reset();
  }

  asio::awaitable<Result<Outcome>> read(const sql::Statement& statement, sql::RowSink& sink, Context context) override {
    co_return co_await execute({&statement, &sink}, context);
  }

  asio::awaitable<Result<void>> transact(UnitOfWork& unit, Context context) override {
    std::optional<Result<Outcome>> previous;
    for (;;) {
      Next next = unit.next(previous ? &*previous : nullptr);
      if (auto* run = std::get_if<Run>(&next)) {
        previous.emplace(co_await execute(*run, context));
        continue;
      }
      auto* undo = std::get_if<Rollback>(&next);
      if (undo == nullptr) co_return Result<void>();
      broken_ = broken_ || previous.has_value();
      if (undo->error) co_return std::move(*undo->error);
      co_return Result<void>();
    }
  }

  bool broken() const noexcept override { return broken_; }
  const std::optional<Error>& failure() const noexcept override { return failure_; }

 private:
  asio::awaitable<void> drive() { end_.emplace(co_await body_(*this)); }

  asio::awaitable<Result<Outcome>> execute(Run run, const Context& context) {
    if (broken_) co_return make_error(409, "25P02", "current transaction is aborted, commands ignored until its end");
    step_ = run;
    // What a transaction within this one runs says itself whom it is for.
    if (step_.session == nullptr) step_.session = context.session;
    if (step_.answer == nullptr) step_.answer = context.answer;
    step_.last = context.closes;
    // Ballast's own statements are not the caller's: they run as the connection's user.
    if (step_.session == nullptr && speaks_for_ != nullptr) step_.session = &own_user();
    speaks_for_ = step_.session == &own_user() ? nullptr : step_.session;
    struct Paused {
      WaiterPtr waiter;
    } paused;
    co_await hand_over(paused, [this](Paused& waiting) { waiter_ = std::move(waiting.waiter); });
    co_return std::move(*outcome_);
  }

  static const Session& own_user() {
    static const Session session{{{"role", "none"}}, ""};
    return session;
  }

  /// Drops the body where it stands.
  void forget() {
    waiter_.reset();
    executor_.clear();
  }

  const Body& body_;
  InlineExecutor executor_;
  WaiterPtr waiter_;
  Run step_{};
  std::optional<Result<Outcome>> outcome_;
  std::optional<Result<Transaction::Ending>> end_;
  std::exception_ptr bug_;
  const Session* speaks_for_ = nullptr;  // whom the transaction's last statement was run for
  bool broken_ = false;
  std::optional<Error> failure_;
};

class SharingStorage final : public Storage {
 public:
  explicit SharingStorage(std::unique_ptr<Storage> storage) : storage_(std::move(storage)) {}

  const sql::Dialect& dialect() const noexcept override { return storage_->dialect(); }
  asio::awaitable<Result<Outcome>> read(const sql::Statement& statement, sql::RowSink& sink, Context context) override {
    if (context.within != nullptr) return context.within->read(statement, sink, context);
    return storage_->read(statement, sink, context);
  }
  asio::awaitable<Result<void>> transact(UnitOfWork& unit, Context context) override {
    if (context.within != nullptr) return context.within->transact(unit, context);
    return storage_->transact(unit, context);
  }
  Result<catalog::SnapshotPtr> introspect() override { return storage_->introspect(); }
  Result<std::int64_t> schema_version() override { return storage_->schema_version(); }
  int news_descriptor() const noexcept override { return storage_->news_descriptor(); }
  Result<void> ping() override { return storage_->ping(); }
  void visit_stats(const StatVisitor& visit) const override { storage_->visit_stats(visit); }
  void close() override { storage_->close(); }

 private:
  std::unique_ptr<Storage> storage_;
};

}  // namespace

asio::awaitable<Result<void>> Transaction::run(Storage& storage, const Body& body, Context context) {
  BodyUnit unit(body);
  co_return co_await storage.transact(unit, context);
}

std::unique_ptr<Storage> with_shared_transactions(std::unique_ptr<Storage> storage) {
  return std::make_unique<SharingStorage>(std::move(storage));
}

}  // namespace ballast::storage
