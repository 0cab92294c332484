#include "storage/postgres/transactions.hpp"

#include <deque>
#include <span>

#include "storage/postgres/prelude.hpp"
#include "storage/postgres/retry.hpp"

namespace ballast::storage::postgres {
namespace {

namespace asio = boost::asio;

const std::vector<sql::Param> no_params;
/// Statements that are sent at once: their answers are all kept until the first of them is looked at.
constexpr std::size_t longest_burst = 16;

asio::awaitable<void> wait(Lanes& lanes, std::chrono::milliseconds pause) {
  asio::steady_timer timer(lanes.executor(), pause);
  co_await timer.async_wait(asio::use_awaitable);
}

/// One attempt at a transaction on a connection of its own.
class Talk {
 public:
  Talk(Lanes& lanes, UnitOfWork& unit, const Context& context, Lanes::Lease& lease, bool looks_ahead)
      : lanes_(lanes),
        unit_(unit),
        context_(context),
        lease_(lease),
        looks_ahead_(looks_ahead),
        prelude_(lanes, context, false) {
    burst_.deadline = context.deadline;
  }

  struct End {
    enum class Again : std::uint8_t { no, ask_retry, without_looking_ahead };
    std::optional<Error> error;
    Again again = Again::no;  ///< nothing was kept, and it may be run from the start
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
      const auto* run = std::get_if<UnitOfWork::Run>(&next);
      if (at_ + 1 < sent_.size() && (run == nullptr || !sent_[at_ + 1].is(*run))) {
        co_await roll_back();
        co_return End{{}, End::Again::without_looking_ahead};
      }
      if (run == nullptr) {
        if (first) co_return End{};
        co_return co_await commit();
      }
      if (auto checked = check_params(*run->statement); !checked) {
        previous.emplace(std::move(checked).error());
        if (first) co_await begin_only();
        continue;
      }
      if (at_ + 1 < sent_.size()) {
        last_.emplace(sent_[++at_].known);
      } else {
        co_await send(*run, first);
      }
      const bool done = succeeded(at_);
      const bool refused = done && sink_refused(at_);
      if (run->last && done && !refused) {
        previous.emplace(outcome(at_));
        unit_.next(&*previous);
        co_return End{};
      }
      if (run->last && commit_is_uncertain()) co_return doubtful();
      if (refused) {
        previous.emplace(*burst_.sink_error);
      } else if (done) {
        previous.emplace(outcome(at_));
      } else if (may_repeat()) {
        co_await roll_back();
        co_return End{{}, End::Again::ask_retry};
      } else {
        previous.emplace(failure());
      }
    }
  }

  Burst& burst() noexcept { return burst_; }
  /// Requires that a statement was run.
  KnownStatement& last() noexcept { return **last_; }

 private:
  /// A statement of the burst, with what stands around it.
  struct Sent {
    Sent(Lanes& lanes, const Context& context, const UnitOfWork::Run& run)
        : statement(run.statement),
          sink(run.sink),
          known(lanes.statements().known(run.statement->text)),
          own{context.deadline, run.session, run.answer},
          around(lanes, own, false) {}
    Sent(const Sent&) = delete;
    Sent& operator=(const Sent&) = delete;

    bool is(const UnitOfWork::Run& run) const { return run.statement == statement && run.sink == sink; }

    const sql::Statement* statement;
    sql::RowSink* sink;
    StatementPin known;
    Context own;
    Prelude around;
    std::size_t step = 0;
    std::size_t end = 0;  // of its steps
  };

  /// The statement, and those that are known to come behind it.
  asio::awaitable<void> send(const UnitOfWork::Run& run, bool first) {
    fresh();
    if (first) {
      begin();
      prelude_.add_before(burst_, Lane::slow);
    }
    add(run);
    const auto ahead = looks_ahead_ && !run.last ? unit_.ahead() : std::span<const UnitOfWork::Run>();
    for (const auto& next : ahead) {
      if (next.last || sent_.size() == longest_burst || !check_params(*next.statement)) break;
      add(next);
    }
    last_.emplace(sent_.front().known);
    co_await lease_.run(burst_);
  }

  void add(const UnitOfWork::Run& run) {
    Sent& sent = sent_.emplace_back(lanes_, context_, run);
    if (run.session != nullptr) sent.around.add_before(burst_, Lane::slow);
    sent.step = burst_.steps.size();
    burst_.steps.push_back({.known = sent.known, .params = &run.statement->params, .sink = run.sink});
    sent.around.add_after(burst_);
    if (run.last) add("COMMIT");
    sent.end = burst_.steps.size();
  }

  const Outcome& outcome(std::size_t index) const { return burst_.steps[sent_[index].step].outcome; }

  /// What fails takes along what is behind it; the burst's own end belongs to its last statement.
  bool succeeded(std::size_t index) const {
    if (burst_.fate == Burst::Fate::done) return true;
    return burst_.fate == Burst::Fate::failed && index + 1 < sent_.size() && sent_[index].end <= burst_.completed;
  }
  bool sink_refused(std::size_t index) const { return burst_.sink_error && burst_.refused < sent_[index].end; }

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
    if (burst_.fate == Burst::Fate::unsent) co_return End{{}, End::Again::ask_retry};
    if (commit_is_uncertain()) co_return doubtful();
    if (burst_.failure->repeatable()) co_return End{{}, End::Again::ask_retry};
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
    end.ends_failed = true;
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
    sent_.clear();
    at_ = 0;
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
  const bool looks_ahead_;
  Prelude prelude_;
  Burst burst_;
  std::deque<Sent> sent_;  // of the burst; an element stays where it is
  std::size_t at_ = 0;     // the one that the unit was last told of
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
  bool looks_ahead = true;
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
    Talk talk(lanes, unit, context, **lease, looks_ahead);
    const auto start = std::chrono::steady_clock::now();
    Talk::End end = co_await talk.run();
    if (end.again == Talk::End::Again::no) {
      if (!end.error && at_once) lanes.ran_alone(talk.last(), start);
      if (end.error) co_return std::move(*end.error);
      co_return Result<void>();
    }
    if (end.again == Talk::End::Again::without_looking_ahead) {
      looks_ahead = false;
      unit.restart();
      continue;
    }
    Retry::Verdict verdict = retry.after(talk.burst(), Lane::slow, talk.last());
    if (verdict.error) co_return std::move(*verdict.error);
    unit.restart();
    if (verdict.pause.count() > 0) co_await wait(lanes, verdict.pause);
  }
}

}  // namespace ballast::storage::postgres
