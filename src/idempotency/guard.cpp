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
    settled,   ///< `response` is ours, or an earlier request's
    taken,     ///< somebody else's transaction holds the key
    again,     ///< in another isolation
  };

  http::Request& request;
  const Terms terms;
  std::string fingerprint;
  InFlight::Ticket ticket;
  TimePoint patience;
  std::optional<StoredAnswer> to_record;  ///< of an execution that was undone: what is left to do is to keep this
  storage::Isolation isolation = storage::Isolation::standard;
  bool was_uncertain = false;  ///< an answer that is found may be this request's own

  // Of the latest attempt.
  End end = End::executed;
  http::Response response;
  bool keeps = false;  ///< the response is to be kept although its transaction was undone
};

http::Reply Guard::handle(http::Request& request) {
  if (is_safe(request.method) || request.within != nullptr || !parts_.guards(request.path)) {
    return parts_.handler(request);
  }
  const bool keyed = parts_.keys != nullptr && request.headers.find("Idempotency-Key").has_value();
  const bool fenced = request.headers.find("Ballast-Fence").has_value();
  if (keyed || fenced) return guarded(request);
  const auto& required = parts_.settings.required;
  if (!required.empty() && std::find(required.begin(), required.end(),
                                     http::percent_decode(request.path, false).value_or("")) != required.end()) {
    return http::ready(http::problem_response(key_required(request.path)));
  }
  return parts_.handler(request);
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
  const Transaction::Body body = [this, &work](Transaction& transaction) { return attempt(work, transaction); };
  Error doubt;
  auto next = first_pause;
  for (;;) {
    context.isolation = work.isolation;
    auto done = co_await Transaction::run(parts_.storage, body, context);
    if (done && work.end == Work::End::again) continue;
    if (!done && work.terms.key) {
      const Error& error = done.error();
      const bool in_doubt = error.code == uncertain;
      if (in_doubt) {
        doubt = error;
        work.was_uncertain = true;
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
    if (!work.keeps) co_return std::move(work.response);
    work.to_record = store(work.response, parts_.settings.max_body);
  }
}

asio::awaitable<Result<Transaction::Ending>> Guard::attempt(Work& work, Transaction& transaction) {
  storage::Context own{work.request.deadline};
  own.within = &transaction;
  work.keeps = false;
  if (work.terms.key) {
    auto claimed = co_await parts_.keys->claim(*work.terms.key, own);
    if (!claimed) co_return std::move(claimed).error();
    if (claimed->stage == KeyState::Stage::in_flight) {
      work.end = Work::End::taken;
      co_return Transaction::Ending::rollback;
    }
    if (claimed->stage == KeyState::Stage::done) {
      co_return co_await replay(work, std::move(claimed).value(), transaction);
    }
    if (work.to_record) {
      own.closes = true;
      auto kept =
          co_await parts_.keys->complete(*work.terms.key, work.fingerprint, *work.to_record, parts_.settings.ttl, own);
      if (!kept) co_return std::move(kept).error();
      co_return Transaction::Ending::commit;
    }
  }
  if (work.terms.fence) {
    const auto current = co_await parts_.leases->check_fence(work.terms.fence->name, work.terms.fence->token, own);
    if (!current) co_return current.error();
    if (!*current) {
      work.end = Work::End::settled;
      work.response = http::problem_response(locks::fence_failed(*work.terms.fence));
      co_return Transaction::Ending::rollback;
    }
  }
  Witness witness(transaction, work.isolation);
  work.response = co_await execute(work, witness);
  work.end = Work::End::executed;
  if (witness.wanted()) {
    work.end = Work::End::again;
    work.isolation = *witness.wanted();
    co_return Transaction::Ending::rollback;
  }
  const bool failed = work.response.status >= 400 || transaction.failure().has_value();
  const bool lasting =
      is_lasting(work.response.status) && (!transaction.failure() || is_lasting(transaction.failure()->status));
  if (transaction.broken() || !witness.asked()) {
    // GraphQL tells of failures in answers of status 200.
    work.keeps = work.terms.key && witness.asked() && failed && witness.failed_for_good() && lasting;
    co_return Transaction::Ending::rollback;
  }
  // What was done without breaking the transaction stays done, whatever its answer's status: as it would without a key.
  if (work.terms.key && lasting) {
    own.closes = true;
    auto kept = co_await parts_.keys->complete(
        *work.terms.key, work.fingerprint, store(work.response, parts_.settings.max_body), parts_.settings.ttl, own);
    if (!kept) co_return std::move(kept).error();
  }
  co_return Transaction::Ending::commit;
}

/// Who may not do it any more is not told what came of it either.
asio::awaitable<Result<Transaction::Ending>> Guard::replay(Work& work, KeyState state, Transaction& transaction) {
  work.end = Work::End::settled;
  if (state.fingerprint != work.fingerprint) {
    work.response = http::problem_response(other_request());
    co_return Transaction::Ending::rollback;
  }
  Rehearsal rehearsal(transaction, parts_.storage.dialect().engine() == sql::Engine::postgres);
  http::Response refused = co_await execute(work, rehearsal);
  const bool denied = refused.status == 401 || refused.status == 403;
  // Whoever is not let through to the rows is not told of them, whatever the reason.
  if (denied || !rehearsal.allowed()) {
    work.response = std::move(refused);
    co_return Transaction::Ending::rollback;
  }
  work.response = restore(std::move(state.answer));
  if (!work.was_uncertain && !work.to_record) work.response.set("Idempotency-Replayed", "true");
  co_return Transaction::Ending::rollback;
}

/// The handler gets a request of its own each time, since it takes it apart.
asio::awaitable<http::Response> Guard::execute(Work& work, Transaction& within) {
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
