#include "idempotency/guard.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <random>
#include <utility>

#include "idempotency/errors.hpp"
#include "idempotency/fingerprint.hpp"
#include "idempotency/witness.hpp"
#include "locks/errors.hpp"
#include "locks/fence.hpp"
#include "policy/identity.hpp"

namespace ballast::idempotency {
namespace {

namespace asio = boost::asio;
using storage::Transaction;

constexpr std::chrono::milliseconds first_pause{10};
constexpr std::chrono::milliseconds longest_pause{40};
/// A wait ends so long before the request's deadline, to be answered instead of cut off.
constexpr std::chrono::milliseconds to_answer{250};
constexpr std::chrono::seconds prune_interval{60};
constexpr std::int64_t prune_batch = 200;

/// The code of a commit of which nobody knows whether it was kept.
constexpr std::string_view uncertain = "BLST720";

/// Up to that long, so that those who wait do not come back all at once.
asio::awaitable<void> pause(std::chrono::milliseconds time) {
  thread_local std::minstd_rand random(std::random_device{}());
  std::uniform_int_distribution<std::int64_t> some(time.count() * 250, time.count() * 1'000);
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::microseconds(some(random)));
  co_await timer.async_wait(asio::use_awaitable);
}

storage::Context within(TimePoint deadline, Transaction& transaction) {
  storage::Context context{deadline};
  context.within = &transaction;
  return context;
}

bool is_safe(http::Method method) {
  return method != http::Method::post && method != http::Method::patch && method != http::Method::put &&
         method != http::Method::del;
}

/// RFC 9110 section 15.5: what the same request would be told again, as far as its execution decided it.
bool is_lasting(int status) {
  switch (status) {
    case 401:
    case 403:
    case 408:
    case 413:
    case 415:
    case 423:
    case 425:
    case 429:
      return false;
    default:
      return status < 500;
  }
}

/// A statement's failure, if there was one, would happen again: it was about the rows, not about who else was at work
/// or how long it took.
bool is_for_good(const std::optional<Error>& failure) {
  if (!failure) return true;
  // PostgreSQL manual, appendix A: serialization failures, deadlocks, locks that were not to be had, interruptions.
  const std::string_view code = failure->code;
  return failure->status < 500 && !code.starts_with("40") && !code.starts_with("55") && !code.starts_with("57");
}

}  // namespace

struct Guard::Terms {
  std::optional<Key> key;
  std::optional<locks::Fence> fence;
  std::chrono::seconds wait{0};
};

/// One guarded request, from its terms to its answer. Lives in the reply's frame.
struct Guard::Work {
  Work(http::Request& given, Terms said) : request(given), terms(std::move(said)) {}

  enum class End : std::uint8_t {
    executed,  ///< `response` is the handler's
    settled,   ///< `response` is ours
    found,     ///< `state` is an earlier request's
    taken,     ///< somebody else's transaction holds the key
    refused,   ///< `error` says why
    again,     ///< in another isolation, or with the key looked at first
  };

  http::Request& request;
  const Terms terms;
  std::string fingerprint;
  InFlight::Ticket ticket;
  TimePoint patience;
  std::optional<StoredAnswer> to_record;  ///< of an execution that was undone: what is left to do is to keep this
  storage::Isolation isolation = storage::Isolation::standard;
  bool looks = false;          ///< at the key, before anything else is sent
  bool was_uncertain = false;  ///< an answer that is found may be this request's own

  // Of the latest attempt.
  End end = End::executed;
  http::Response response;
  KeyState state;
  std::optional<Error> error;
  std::optional<Witness> witness;
  bool keeps = false;  ///< the response is to be kept although its transaction was undone
};

http::Reply Guard::handle(http::Request& request) {
  if (is_safe(request.method) || !parts_.guards(request.path)) return parts_.handler(request);
  const bool keyed = parts_.keys != nullptr && request.headers.find("Idempotency-Key").has_value();
  if (!keyed && requires_key(request)) return http::ready(http::problem_response(key_required(request.path)));
  // Within another's transaction, that one's terms hold.
  const bool fenced = request.headers.find("Ballast-Fence").has_value();
  if (request.within == nullptr && (keyed || fenced)) return guarded(request);
  return parts_.handler(request);
}

bool Guard::requires_key(const http::Request& request) const {
  const auto& required = parts_.settings.required;
  return !required.empty() && std::find(required.begin(), required.end(),
                                        http::percent_decode(request.path, false).value_or("")) != required.end();
}

Result<Guard::Terms> Guard::terms_of(const http::Request& request) const {
  Terms terms;
  if (parts_.keys != nullptr) {
    BALLAST_TRY(auto key, parse_key(request.headers));
    if (key) {
      // Without a subject, callers of one role cannot be told apart.
      if (request.principal.subject.empty() && !parts_.settings.anonymous) return anonymous_refused();
      terms.key = Key{policy::identity_of(request.principal), std::move(*key)};
      const std::chrono::seconds wait(wait_of(request.headers.joined("Prefer")));
      terms.wait = std::min(wait, parts_.settings.max_wait);
    }
  }
  if (request.headers.find("Ballast-Fence")) {
    // A condition that cannot be checked must not be no condition.
    if (parts_.leases == nullptr) return locks::expected("no Ballast-Fence: this server has no leases (locks.enabled)");
    if (!request.principal.authenticated && !parts_.anonymous_leases) return locks::anonymous_refused();
    BALLAST_TRY(terms.fence, locks::parse_fence(request.headers.joined("Ballast-Fence"), parts_.max_lease_name));
  }
  return terms;
}

http::Reply Guard::guarded(http::Request& request) {
  auto terms = terms_of(request);
  if (!terms) co_return http::problem_response(terms.error());
  Work work(request, std::move(terms).value());
  const storage::Context own{request.deadline};
  if (work.terms.key) {
    work.fingerprint = fingerprint_of(request);
    work.looks = !parts_.storage.looks_ahead();
    work.patience = std::min<TimePoint>(request.received + work.terms.wait, request.deadline - to_answer);
    auto ready = co_await parts_.keys->prepare(own);
    if (!ready) co_return http::problem_response(ready.error());
    const bool entered = co_await enter(work);
    if (!entered) co_return http::problem_response(in_flight());
  }
  if (work.terms.fence) {
    auto ready = co_await parts_.leases->prepare(own);
    if (!ready) co_return http::problem_response(ready.error());
  }
  http::Response response = co_await run(work);
  if (work.terms.key) co_await prune();
  co_return response;
}

asio::awaitable<bool> Guard::enter(Work& work) {
  auto next = first_pause;
  for (;;) {
    work.ticket = in_flight_.enter(*work.terms.key);
    if (work.ticket) co_return true;
    if (std::chrono::steady_clock::now() >= work.patience) co_return false;
    co_await pause(next);
    next = std::min(2 * next, longest_pause);
  }
}

asio::awaitable<http::Response> Guard::run(Work& work) {
  storage::Context context{work.request.deadline};
  // Where statements are no round trips, a transaction that finds the key costs less than a read before each.
  if (work.terms.key && !work.looks && recent_.knows(*work.terms.key)) {
    auto state = co_await parts_.keys->kept(*work.terms.key, context);
    if (state && state->stage == KeyState::Stage::done) {
      work.state = std::move(*state);
      co_return co_await replay(work);
    }
  }
  const Transaction::Body body = [this, &work](Transaction& transaction) { return attempt(work, transaction); };
  Error doubt;
  auto next = first_pause;
  for (;;) {
    context.isolation = work.isolation;
    auto done = co_await Transaction::run(parts_.storage, body, context);
    if (done && work.end == Work::End::again) continue;
    if (done && work.end == Work::End::found) co_return co_await replay(work);
    if (!done && work.terms.key) {
      const Error& error = done.error();
      const bool in_doubt = error.code == uncertain;
      if (in_doubt) {
        doubt = error;
        work.was_uncertain = true;
        work.looks = true;
      }
      // Whoever holds the key's lock next sees whether the row is there: the lost transaction is over by then.
      const bool again = error.code == claimed_meanwhile || in_doubt || (work.was_uncertain && error.status >= 500);
      if (again && std::chrono::steady_clock::now() + to_answer < work.request.deadline) {
        co_await pause(next);
        next = std::min(2 * next, longest_pause);
        continue;
      }
    }
    if (!done) co_return parts_.render(work.request, work.was_uncertain ? doubt : done.error());
    if (work.end == Work::End::taken) {
      const TimePoint now = std::chrono::steady_clock::now();
      if (now >= work.patience && !(work.was_uncertain && now + to_answer < work.request.deadline)) {
        co_return work.was_uncertain ? parts_.render(work.request, doubt) : http::problem_response(in_flight());
      }
      co_await pause(next);
      next = std::min(2 * next, longest_pause);
      continue;
    }
    if (!work.keeps) {
      if (work.terms.key && work.end == Work::End::executed) recent_.add(*work.terms.key);
      co_return std::move(work.response);
    }
    work.to_record = store(work.response, parts_.settings.max_body);
  }
}

asio::awaitable<Result<Transaction::Ending>> Guard::attempt(Work& work, Transaction& transaction) {
  work.keeps = false;
  work.witness.reset();
  work.error.reset();
  // A key that may be there already is looked at before anything is executed.
  if (work.terms.key && (work.looks || work.to_record)) {
    const bool free = co_await claim(work, transaction);
    if (!free) co_return ending_of(work);
  }
  work.end = Work::End::executed;
  if (work.to_record) co_return co_await keep(work, *work.to_record, transaction);
  std::vector<Part> parts;
  if (work.terms.key && !work.looks) parts.push_back(Part::key);
  if (work.terms.fence) parts.push_back(Part::fence);
  parts.push_back(Part::execution);
  const Transaction::Use use = [this, &work, &parts](std::size_t number, Transaction& within) {
    return take_part(work, parts[number], within);
  };
  const bool all = co_await transaction.in_turn(parts.size(), use);
  if (!all) co_return ending_of(work);

  const Witness& witness = *work.witness;
  const bool failed = work.response.status >= 400 || transaction.failure().has_value();
  const bool lasting =
      is_lasting(work.response.status) && (!transaction.failure() || is_lasting(transaction.failure()->status));
  if (transaction.broken() || !witness.asked()) {
    // GraphQL tells of failures in answers of status 200.
    work.keeps = work.terms.key && witness.asked() && failed && is_for_good(transaction.failure()) && lasting;
    co_return Transaction::Ending::rollback;
  }
  // What was done without breaking the transaction stays done, whatever its answer's status: as it would without a key.
  if (!work.terms.key || !lasting) co_return Transaction::Ending::commit;
  co_return co_await keep(work, store(work.response, parts_.settings.max_body), transaction);
}

bool Guard::refuse(Work& work, Error error) {
  work.end = Work::End::refused;
  work.error = std::move(error);
  return false;
}

Result<Transaction::Ending> Guard::ending_of(const Work& work) {
  if (work.end == Work::End::refused) return *work.error;
  return Transaction::Ending::rollback;
}

asio::awaitable<bool> Guard::take_part(Work& work, Part part, Transaction& transaction) {
  if (part == Part::key) return take(work, transaction);
  if (part == Part::fence) return check_fence(work, transaction);
  return execute(work, transaction);
}

asio::awaitable<bool> Guard::take(Work& work, Transaction& transaction) {
  const auto taken = co_await parts_.keys->take(*work.terms.key, within(work.request.deadline, transaction));
  if (!taken) co_return refuse(work, taken.error());
  if (*taken) co_return true;
  work.looks = true;
  work.end = Work::End::again;
  co_return false;
}

asio::awaitable<bool> Guard::claim(Work& work, Transaction& transaction) {
  auto claimed = co_await parts_.keys->claim(*work.terms.key, within(work.request.deadline, transaction));
  if (!claimed) co_return refuse(work, claimed.error());
  if (claimed->stage == KeyState::Stage::unknown) co_return true;
  work.end = claimed->stage == KeyState::Stage::done ? Work::End::found : Work::End::taken;
  work.state = std::move(*claimed);
  co_return false;
}

asio::awaitable<bool> Guard::check_fence(Work& work, Transaction& transaction) {
  const locks::Fence& fence = *work.terms.fence;
  const auto current =
      co_await parts_.leases->check_fence(fence.name, fence.token, within(work.request.deadline, transaction));
  if (!current) co_return refuse(work, current.error());
  if (*current) co_return true;
  work.end = Work::End::settled;
  work.response = http::problem_response(locks::fence_failed(fence));
  co_return false;
}

asio::awaitable<bool> Guard::execute(Work& work, Transaction& transaction) {
  Witness& witness = work.witness.emplace(transaction, work.isolation);
  http::Response response = co_await ask_handler(work, witness);
  if (witness.wanted()) {
    work.end = Work::End::again;
    work.isolation = *witness.wanted();
    co_return false;
  }
  work.end = Work::End::executed;
  work.response = std::move(response);
  co_return true;
}

asio::awaitable<Result<Transaction::Ending>> Guard::keep(Work& work, StoredAnswer answer, Transaction& transaction) {
  storage::Context last = within(work.request.deadline, transaction);
  last.closes = true;
  auto kept =
      co_await parts_.keys->complete(*work.terms.key, work.fingerprint, std::move(answer), parts_.settings.ttl, last);
  if (!kept) co_return std::move(kept).error();
  co_return Transaction::Ending::commit;
}

/// Who may not do it any more is not told what came of it either.
asio::awaitable<http::Response> Guard::replay(Work& work) {
  if (work.state.fingerprint != work.fingerprint) co_return http::problem_response(other_request());
  Rehearsal rehearsal(parts_.storage);
  http::Response refused = co_await ask_handler(work, rehearsal);
  const bool denied = refused.status == 401 || refused.status == 403;
  // Whoever is not let through to the rows is not told of them, whatever the reason.
  if (denied || !rehearsal.allowed()) co_return refused;
  recent_.add(*work.terms.key);
  http::Response response = restore(std::move(work.state.answer));
  if (!work.was_uncertain) response.set("Idempotency-Replayed", "true");
  co_return response;
}

/// The handler gets a request of its own each time, since it takes it apart.
asio::awaitable<http::Response> Guard::ask_handler(Work& work, Transaction& within) {
  http::Request request = work.request;
  request.within = &within;
  http::Response response = co_await parts_.handler(request);
  work.request.route = request.route;
  co_return response;
}

asio::awaitable<void> Guard::prune() {
  const TimePoint now = std::chrono::steady_clock::now();
  auto due = next_prune_.load(std::memory_order_relaxed);
  if (now.time_since_epoch().count() < due) co_return;
  if (!next_prune_.compare_exchange_strong(due, (now + prune_interval).time_since_epoch().count())) co_return;
  const auto gone = co_await parts_.keys->prune(prune_batch, {.deadline = now + std::chrono::seconds(1)});
  if (gone && *gone == prune_batch) next_prune_.store(0, std::memory_order_relaxed);
}

}  // namespace ballast::idempotency
