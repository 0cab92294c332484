#include "storage/postgres/transactions.hpp"

#include "storage/postgres/prelude.hpp"
#include "storage/postgres/retry.hpp"

namespace ballast::storage::postgres {
namespace {

namespace asio = boost::asio;

const std::vector<sql::Param> no_params;

asio::awaitable<void> wait(Lanes& lanes, std::chrono::milliseconds pause) {
  asio::steady_timer timer(lanes.executor(), pause);
  co_await timer.async_wait(asio::use_awaitable);
}

/// One attempt at a transaction on a connection of its own.
class Talk {
 public:
  Talk(Lanes& lanes, UnitOfWork& unit, const Context& context, Lanes::Lease& lease)
      : lanes_(lanes), unit_(unit), context_(context), lease_(lease), prelude_(lanes, context, false) {
    burst_.deadline = context.deadline;
  }

  struct End {
    std::optional<Error> error;
    bool again = false;  ///< nothing was kept, and it may be run from the start: ask `Retry`
  };

  asio::awaitable<End> run() {
    std::optional<Result<Outcome>> previous;
    for (bool first = true;; first = false) {
      UnitOfWork::Next next;
      std::exception_ptr bug;
      try {
        next = unit_.next(previous ? &*previous : nullptr);
      } catch (...) { bug = std::current_exception(); }
      if (bug) {
        if (!first) co_await roll_back();
        std::rethrow_exception(bug);
      }
      if (auto* undo = std::get_if<UnitOfWork::Rollback>(&next)) {
        if (!first) {
          if (!undo->error) co_await ask_for_answer();
          co_await roll_back();
        }
        co_return End{std::move(undo->error)};
      }
      if (std::holds_alternative<UnitOfWork::Commit>(next)) {
        if (first) co_return End{};
        co_return co_await commit();
      }
      const auto& run = std::get<UnitOfWork::Run>(next);
      if (auto checked = check_params(*run.statement); !checked) {
        previous.emplace(std::move(checked).error());
        if (first) co_await begin_only();
        continue;
      }
      const bool done = co_await execute(run, first);
      if (run.last && done && !burst_.sink_error) {
        previous.emplace(burst_.steps[at_].outcome);
        unit_.next(&*previous);
        co_return End{};
      }
      if (run.last && commit_is_uncertain()) co_return doubtful();
      if (done && !burst_.sink_error) {
        previous.emplace(burst_.steps[at_].outcome);
      } else if (done) {
        previous.emplace(std::move(*burst_.sink_error));
      } else if (may_repeat()) {
        co_await roll_back();
        co_return End{{}, true};
      } else {
        previous.emplace(failure());
      }
    }
  }

  Burst& burst() noexcept { return burst_; }
  /// Requires that a statement was run.
  KnownStatement& last() noexcept { return **last_; }

 private:
  asio::awaitable<bool> execute(const UnitOfWork::Run& run, bool first) {
    fresh();
    if (first) {
      begin();
      prelude_.add_before(burst_, Lane::slow);
    }
    const Context own{context_.deadline, run.session, run.answer};
    Prelude around(lanes_, own, false);
    if (run.session != nullptr) around.add_before(burst_, Lane::slow);
    at_ = burst_.steps.size();
    last_.emplace(lanes_.statements().known(run.statement->text));
    burst_.steps.push_back({.known = *last_, .params = &run.statement->params, .sink = run.sink});
    around.add_after(burst_);
    if (run.last) add("COMMIT");
    co_await lease_.run(burst_);
    co_return burst_.fate == Burst::Fate::done;
  }

  asio::awaitable<void> begin_only() {
    fresh();
    begin();
    co_await lease_.run(burst_);
  }

  asio::awaitable<void> ask_for_answer() {
    if (context_.answer == nullptr) co_return;
    fresh();
    prelude_.add_after(burst_);
    co_await lease_.run(burst_);
  }

  asio::awaitable<End> commit() {
    if (std::chrono::steady_clock::now() >= context_.deadline) {
      co_await roll_back();
      co_return End{deadline_passed()};
    }
    fresh();
    prelude_.add_after(burst_);
    add("COMMIT");
    co_await lease_.run(burst_);
    if (burst_.fate == Burst::Fate::done) co_return End{};
    lease_.taint();
    if (burst_.fate == Burst::Fate::unsent) co_return End{{}, true};
    if (commit_is_uncertain()) co_return doubtful();
    if (burst_.failure->repeatable()) co_return End{{}, true};
    co_return End{map_failure(*burst_.failure)};
  }

  /// A goodbye instead of an answer comes before the commit or after it.
  bool commit_is_uncertain() const {
    return burst_.fate == Burst::Fate::lost || (burst_.failure && burst_.failure->fatal);
  }

  End doubtful() {
    lease_.taint();
    lanes_.shared().stats.uncertain.fetch_add(1, std::memory_order_relaxed);
    return End{commit_uncertain()};
  }

  asio::awaitable<void> roll_back() {
    if (burst_.fate == Burst::Fate::lost || burst_.fate == Burst::Fate::unsent) {
      lease_.taint();
      co_return;
    }
    // Kept: it tells why.
    Burst end;
    end.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    end.steps.push_back({.known = lanes_.statements().known("ROLLBACK"), .params = &no_params, .prepares = false});
    co_await lease_.run(end);
    if (end.fate != Burst::Fate::done) lease_.taint();
  }

  /// The connection went before anything was committed, or the server wants it tried again.
  bool may_repeat() const {
    if (burst_.fate == Burst::Fate::lost || burst_.fate == Burst::Fate::unsent) return true;
    return burst_.failure && (burst_.failure->fatal || burst_.failure->repeatable() || burst_.failure->stale_plan());
  }

  Error failure() const {
    if (!burst_.failure) return unreachable();
    const bool late = std::chrono::steady_clock::now() + std::chrono::milliseconds(5) >= context_.deadline;
    return burst_.failure->timed_out() && late ? deadline_passed() : map_failure(*burst_.failure);
  }

  void fresh() {
    burst_.steps.clear();
    burst_.reset();
  }

  void begin() {
    switch (context_.isolation) {
      case Isolation::standard:
        return add("BEGIN");
      case Isolation::read_committed:
        return add("BEGIN ISOLATION LEVEL READ COMMITTED");
      case Isolation::repeatable_read:
        return add("BEGIN ISOLATION LEVEL REPEATABLE READ");
      case Isolation::serializable:
        return add("BEGIN ISOLATION LEVEL SERIALIZABLE");
    }
  }

  template <std::size_t N>
  void add(const char (&command)[N]) {
    burst_.steps.push_back({.known = lanes_.statements().known(command), .params = &no_params, .prepares = false});
  }

  Lanes& lanes_;
  UnitOfWork& unit_;
  const Context& context_;
  Lanes::Lease& lease_;
  Prelude prelude_;
  Burst burst_;
  std::size_t at_ = 0;
  std::optional<StatementPin> last_;
};

/// Runs the unit's only statement as one burst on a pipeline. Empty when the statement, `only`, belongs on the slow
/// lane; the unit is then to be restarted.
asio::awaitable<std::optional<Result<void>>> run_at_once(Lanes& lanes, UnitOfWork& unit, const Context& context,
                                                         std::optional<StatementPin>& only) {
  const auto next = unit.next(nullptr);
  const auto* run = std::get_if<UnitOfWork::Run>(&next);
  if (run == nullptr) {
    const auto* undo = std::get_if<UnitOfWork::Rollback>(&next);
    if (undo != nullptr && undo->error) co_return Result<void>(*undo->error);
    co_return Result<void>();
  }
  const auto tell = [&unit](Result<Outcome> outcome) -> Result<void> {
    auto end = unit.next(&outcome);
    auto* undo = std::get_if<UnitOfWork::Rollback>(&end);
    if (undo != nullptr && undo->error) return std::move(*undo->error);
    return {};
  };
  if (auto checked = check_params(*run->statement); !checked) co_return tell(std::move(checked).error());
  const StatementPin& known = only.emplace(lanes.statements().known(run->statement->text));
  Prelude prelude(lanes, context, false);
  Retry retry(lanes, context.deadline, false);
  Burst burst;
  burst.deadline = context.deadline;
  while (!known->exclusive()) {
    burst.steps.clear();
    prelude.add_before(burst, Lane::fast);
    const std::size_t at = burst.steps.size();
    burst.steps.push_back({.known = known, .params = &run->statement->params, .sink = run->sink});
    prelude.add_after(burst);
    co_await lanes.run_shared(burst, Lanes::Use::write);
    if (burst.fate == Burst::Fate::done) {
      if (burst.sink_error) co_return tell(std::move(*burst.sink_error));
      co_return tell(burst.steps[at].outcome);
    }
    Retry::Verdict verdict = retry.after(burst, Lane::fast, *known);
    if (verdict.error) co_return tell(std::move(*verdict.error));
    burst.reset();
    if (verdict.pause.count() > 0) co_await wait(lanes, verdict.pause);
  }
  co_return std::nullopt;
}

}  // namespace

asio::awaitable<Result<void>> run_unit(Lanes& lanes, UnitOfWork& unit, Context context) {
  if (std::chrono::steady_clock::now() >= context.deadline) co_return deadline_passed();
  const bool at_once = unit.after_first() == UnitOfWork::Ending::commit;
  std::optional<StatementPin> only;
  Retry retry(lanes, context.deadline, true);  // what is lost before the commit is known to be undone
  for (;;) {
    if (at_once) {
      auto done = co_await run_at_once(lanes, unit, context, only);
      if (done) co_return std::move(*done);
      unit.restart();
    }
    auto lease = co_await lanes.lease(context.deadline, only ? &**only : nullptr);
    if (!lease) co_return std::move(lease).error();
    if (!*lease) continue;
    Talk talk(lanes, unit, context, **lease);
    const auto start = std::chrono::steady_clock::now();
    Talk::End end = co_await talk.run();
    if (!end.again) {
      if (!end.error && at_once) lanes.ran_alone(talk.last(), start);
      if (end.error) co_return std::move(*end.error);
      co_return Result<void>();
    }
    Retry::Verdict verdict = retry.after(talk.burst(), Lane::slow, talk.last());
    if (verdict.error) co_return std::move(*verdict.error);
    unit.restart();
    if (verdict.pause.count() > 0) co_await wait(lanes, verdict.pause);
  }
}

}  // namespace ballast::storage::postgres
