#include "storage/transaction.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "base/check.hpp"
#include "storage/inline_executor.hpp"
#include "storage/waiter.hpp"

namespace ballast::storage {
namespace {

namespace asio = boost::asio;

const Session& own_user() {
  static const Session session{{{"role", "none"}}, ""};
  return session;
}

Error aborted() { return make_error(409, "25P02", "current transaction is aborted, commands ignored until its end"); }

/// What all users of one transaction share.
struct Common {
  InlineExecutor executor;
  std::exception_ptr bug;
  bool broken = false;
  std::optional<Error> failure;

  /// Runs the coroutine up to its first statement when the executor does.
  void spawn(asio::awaitable<void> coroutine) {
    asio::co_spawn(asio::any_io_executor(executor), std::move(coroutine), [this](std::exception_ptr thrown) {
      if (thrown && !bug) bug = thrown;
    });
  }
};

/// One user of the transaction: it waits for a statement, or for users of its own that take turns.
class User final : public Transaction {
 public:
  User(Common& common, bool looks_ahead) : common_(common), looks_ahead_(looks_ahead) {}
  ~User() override { forget(); }

  asio::awaitable<Result<Outcome>> read(const sql::Statement& statement, sql::RowSink& sink, Context context) override {
    co_return co_await execute({&statement, &sink}, context, nullptr);
  }

  asio::awaitable<Result<void>> transact(UnitOfWork& unit, Context context) override {
    std::optional<Result<Outcome>> previous;
    for (;;) {
      Next next = unit.next(previous ? &*previous : nullptr);
      if (auto* run = std::get_if<UnitOfWork::Run>(&next)) {
        previous.emplace(co_await execute(*run, context, &unit));
        continue;
      }
      auto* undo = std::get_if<UnitOfWork::Rollback>(&next);
      if (undo == nullptr) co_return Result<void>();
      common_.broken = common_.broken || previous.has_value();
      if (undo->error) co_return std::move(*undo->error);
      co_return Result<void>();
    }
  }

  asio::awaitable<bool> in_turn(std::size_t count, const Use& use) override {
    if (count == 0) co_return true;
    if (!looks_ahead_) co_return co_await Transaction::in_turn(count, use);
    wanted_ = count;
    for (std::size_t i = 0; i < count; ++i) users_.push_back(std::make_unique<User>(common_, false));
    for (std::size_t i = 0; i < count; ++i) common_.spawn(take_turn(use, i));
    struct Paused {
      WaiterPtr waiter;
    } paused;
    co_await hand_over(paused, [this](Paused& waiting) { turns_ = std::move(waiting.waiter); });
    const bool all = !std::exchange(stopped_, false);
    users_.clear();
    co_return all;
  }

  bool broken() const noexcept override { return common_.broken; }
  const std::optional<Error>& failure() const noexcept override { return common_.failure; }

  /// Adds what this user and its own wait for, in the order in which it is to be run; `first` becomes the user of the
  /// first one. False: nobody knows what comes behind.
  bool collect(std::vector<UnitOfWork::Run>& runs, User*& first) {
    if (waiter_) {
      if (runs.empty()) first = this;
      runs.push_back(step_);
      if (unit_ == nullptr) return true;
      for (UnitOfWork::Run run : unit_->ahead()) runs.push_back(complete(run, context_));
      return unit_->after_first() != UnitOfWork::Ending::ask;
    }
    // Behind its last turn it may ask for more itself.
    bool known = users_.empty();
    for (const auto& user : users_) {
      if (user->ended_) continue;
      known = user->collect(runs, first);
      if (!known) break;
    }
    return known && users_.empty();
  }

  void answer(const Result<Outcome>& outcome) {
    if (!outcome) {
      common_.broken = true;
      common_.failure = outcome.error();
    }
    resume(outcome.ok() ? Result<Outcome>(*outcome) : Result<Outcome>(outcome.error()));
  }
  void resume(Result<Outcome> outcome) {
    outcome_.emplace(std::move(outcome));
    std::exchange(waiter_, nullptr)->resume();
  }

  /// Drops its coroutine, and those of its users, where they stand.
  void forget() {
    for (const auto& user : users_) user->forget();
    turns_.reset();
    waiter_.reset();
    users_.clear();
    stopped_ = false;
  }

 private:
  using Next = UnitOfWork::Next;

  asio::awaitable<void> take_turn(const Use& use, std::size_t number) {
    if (number >= wanted_) co_return;
    const bool go_on = co_await use(number, *users_[number]);
    users_[number]->ended_ = true;
    if (!go_on) {
      stopped_ = true;
      wanted_ = number + 1;
      for (std::size_t i = wanted_; i < users_.size(); ++i) users_[i]->forget();
    }
    for (std::size_t i = 0; i < wanted_; ++i) {
      if (!users_[i]->ended_) co_return;
    }
    // Later, since whoever waits for it takes this user away.
    if (turns_) {
      common_.executor.execute([waiter = std::shared_ptr<Waiter>(std::move(turns_))] { waiter->resume(); });
    }
  }

  static UnitOfWork::Run complete(UnitOfWork::Run run, const Context& context) {
    // What a transaction within this one runs says itself whom it is for.
    if (run.session == nullptr) run.session = context.session;
    if (run.answer == nullptr) run.answer = context.answer;
    run.last = context.closes;
    return run;
  }

  asio::awaitable<Result<Outcome>> execute(UnitOfWork::Run run, Context context, const UnitOfWork* unit) {
    if (common_.broken) co_return aborted();
    context_ = context;
    step_ = complete(run, context);
    unit_ = unit;
    struct Paused {
      WaiterPtr waiter;
    } paused;
    co_await hand_over(paused, [this](Paused& waiting) { waiter_ = std::move(waiting.waiter); });
    co_return std::move(*outcome_);
  }

  Common& common_;
  // What it waits for: a statement's outcome, …
  Context context_;
  UnitOfWork::Run step_{};
  const UnitOfWork* unit_ = nullptr;  // that the statement is of; null: of none
  WaiterPtr waiter_;
  std::optional<Result<Outcome>> outcome_;
  // … or the end of turns.
  std::vector<std::unique_ptr<User>> users_;
  std::size_t wanted_ = 0;  // of them; those behind are dropped
  bool stopped_ = false;
  WaiterPtr turns_;

  const bool looks_ahead_;  // at turns of its own, which then begin all at once; not at those of turns
  bool ended_ = false;      // its turn
};

/// The body as a machine that the engine asks for statements: it runs until all that is left of it waits for one.
class BodyUnit final : public UnitOfWork {
 public:
  BodyUnit(const Transaction::Body& body, bool looks_ahead) : body_(body), looks_ahead_(looks_ahead) {
    user_.emplace(common_, looks_ahead_);
  }
  ~BodyUnit() override { forget(); }

  Next next(const Result<Outcome>* previous) override {
    if (previous == nullptr) {
      common_.spawn(drive());
    } else {
      speaks_for_ = speaker(runs_.front().session);
      asking_->answer(*previous);
    }
    go_on();
    // Who asked before something failed is told so as well.
    while (common_.broken && !runs_.empty()) {
      asking_->resume(aborted());
      go_on();
    }
    if (!end_) {
      check(!runs_.empty(), "a transaction's body waits for something that is not the storage");
      // Ballast's own statements are not the caller's: they run as the connection's user.
      const Session* speaks_for = speaks_for_;
      for (Run& run : runs_) {
        if (run.session == nullptr && speaks_for != nullptr) run.session = &own_user();
        speaks_for = speaker(run.session);
      }
      return runs_.front();
    }
    if (!*end_) return Rollback{end_->error()};
    if (**end_ == Transaction::Ending::rollback) return Rollback{};
    check(!common_.broken, "a transaction's body committed what can only be undone");
    return Commit{};
  }

  std::span<const Run> ahead() const override {
    return runs_.empty() ? std::span<const Run>() : std::span<const Run>(runs_).subspan(1);
  }

  void restart() override {
    forget();
    common_.broken = false;
    common_.failure.reset();
    user_.emplace(common_, looks_ahead_);
    speaks_for_ = nullptr;
    end_.reset();
  }

 private:
  asio::awaitable<void> drive() { end_.emplace(co_await body_(*user_)); }

  /// Until all that is left waits for a statement, or nothing is left.
  void go_on() {
    common_.executor.run();
    if (common_.bug) std::rethrow_exception(std::exchange(common_.bug, nullptr));
    runs_.clear();
    if (!end_) user_->collect(runs_, asking_);
  }

  /// For whom a statement speaks that does not say it, behind one of that session.
  static const Session* speaker(const Session* session) { return session == &own_user() ? nullptr : session; }

  /// Drops the body where it stands.
  void forget() {
    user_->forget();
    common_.executor.clear();
    runs_.clear();
  }

  const Transaction::Body& body_;
  const bool looks_ahead_;
  Common common_;
  std::optional<User> user_;
  std::vector<Run> runs_;   // what was asked for, and what lies behind it
  User* asking_ = nullptr;  // for the first of them
  std::optional<Result<Transaction::Ending>> end_;
  const Session* speaks_for_ = nullptr;  // whom the transaction's last statement was run for
};

class SharingStorage final : public Storage {
 public:
  explicit SharingStorage(std::unique_ptr<Storage> storage) : storage_(std::move(storage)) {}

  const sql::Dialect& dialect() const noexcept override { return storage_->dialect(); }
  bool looks_ahead() const noexcept override { return storage_->looks_ahead(); }
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
  BodyUnit unit(body, storage.looks_ahead());
  co_return co_await storage.transact(unit, context);
}

asio::awaitable<bool> Transaction::in_turn(std::size_t count, const Use& use) {
  for (std::size_t i = 0; i < count; ++i) {
    const bool go_on = co_await use(i, *this);
    if (!go_on) co_return false;
  }
  co_return true;
}

std::unique_ptr<Storage> with_shared_transactions(std::unique_ptr<Storage> storage) {
  return std::make_unique<SharingStorage>(std::move(storage));
}

}  // namespace ballast::storage
