#include "storage/postgres/lanes.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

namespace ballast::storage::postgres {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto tick_time = 20ms;
/// Transactions that get ahead are done sooner when there are few of them at a time. One that takes longer waits for a
/// lock, the disk or the network, and does not count.
constexpr std::size_t young_leases = 8;
constexpr auto young_time = 5ms;
constexpr std::size_t statements_per_connection = 4;  // of those that a loop knows, per one that a connection keeps

}  // namespace

Lanes::Lanes(Shared& shared, const asio::any_io_executor& executor)
    : shared_(shared),
      executor_(executor),
      statements_(shared.settings.statement_cache * statements_per_connection, shared.stats),
      reads_(std::make_shared<Pipelines>(
          shared, executor, Pipelines::Settings{.share = &Shares::pipelines, .batch = shared.settings.batch})),
      writes_(std::make_shared<Pipelines>(shared, executor,
                                          Pipelines::Settings{.share = &Shares::write_pipelines, .batch = 1})),
      timer_(executor) {}

// --- the fast lane

asio::awaitable<void> Lanes::run_shared(Burst& burst, Use use) {
  Pipelines& pipelines = use == Use::write && shared_.shares().write_pipelines > 0 ? *writes_ : *reads_;
  const auto submit_burst = [this, &pipelines](Burst& waiting) {
    watch();
    pipelines.submit(waiting);  // the last word: it may end the wait, and all that is here with it
  };
  co_await hand_over(burst, submit_burst);
}

// --- the slow lane

asio::awaitable<Result<std::optional<Lanes::Lease>>> Lanes::lease(TimePoint deadline, const KnownStatement* known) {
  Claim claim{.deadline = deadline, .known = known};
  const auto submit_claim = [this](Claim& waiting) { submit(waiting); };
  co_await hand_over(claim, submit_claim);
  if (claim.error) co_return std::move(*claim.error);
  if (claim.connection == nullptr) co_return std::optional<Lease>();
  co_return std::optional<Lease>(Lease(shared_from_this(), std::move(claim.connection)));
}

void Lanes::ran_alone(KnownStatement& known, TimePoint start) {
  const bool fast = std::chrono::steady_clock::now() - start < shared_.settings.fast_timeout / 2;
  statements_.ran_alone(known, fast, shared_.settings.slow_shapes);
}

void Lanes::submit(Claim& claim) {
  if (claims_.size() >= shared_.settings.waiting) {
    claim.error = no_connection_free();
    const WaiterPtr waiter = std::move(claim.waiter);
    shared_.stats.refused.fetch_add(1, std::memory_order_relaxed);
    return waiter->resume();
  }
  claims_.push_back(&claim);
  shared_.stats.waiting.fetch_add(1, std::memory_order_relaxed);
  hand_out();
  watch();
}

bool Lanes::has_room() const {
  const TimePoint old = std::chrono::steady_clock::now() - young_time;
  const auto young = std::count_if(leased_.begin(), leased_.end(),
                                   [old](const auto& connection) { return connection->leased_since > old; });
  return static_cast<std::size_t>(young) < young_leases;
}

void Lanes::hand_out() {
  while (!claims_.empty() && has_room()) {
    std::shared_ptr<Connection> connection;
    while (!idle_.empty() && connection == nullptr) {
      connection = std::move(idle_.back());
      idle_.pop_back();
      connection->check_idle();
      if (!connection->lost()) continue;
      shared_.stats.lost.fetch_add(1, std::memory_order_relaxed);
      shared_.stats.connections.fetch_sub(1, std::memory_order_relaxed);
      connection.reset();
    }
    if (connection == nullptr) break;
    Claim& claim = *claims_.front();
    claims_.pop_front();
    shared_.stats.waiting.fetch_sub(1, std::memory_order_relaxed);
    connection->leased_since = std::chrono::steady_clock::now();
    leased_.push_back(connection);
    claim.connection = std::move(connection);
    const WaiterPtr waiter = std::move(claim.waiter);
    waiter->resume();
  }
  order_exclusive();
}

/// Claims whose statement meanwhile proved fast.
void Lanes::send_back() {
  std::vector<WaiterPtr> waiters;
  std::erase_if(claims_, [&](Claim* claim) {
    const bool needed = claim->known == nullptr || claim->known->exclusive();
    if (!needed) waiters.push_back(std::move(claim->waiter));
    return !needed;
  });
  shared_.stats.waiting.fetch_sub(waiters.size(), std::memory_order_relaxed);
  for (const auto& waiter : waiters) waiter->resume();
}

/// One at a time, the next only when this one was not enough: where a statement was slow because the machine was busy,
/// the first one or two connections show that it is fast, and to open one for each who waits would make it busier yet.
void Lanes::order_exclusive() {
  if (exclusive_ordered_ || claims_.empty() || !idle_.empty() || !has_room()) return;
  if (idle_.size() + leased_.size() >= shared_.shares().exclusive) return;
  exclusive_ordered_ = true;
  shared_.connector.order(Connector::Use::exclusive,
                          [weak = weak_from_this(), executor = executor_](Connector::Answer answer) {
                            auto carried = std::make_shared<Connector::Answer>(std::move(answer));
                            asio::post(executor, [weak, carried] {
                              const auto self = weak.lock();
                              if (self == nullptr) return;
                              self->exclusive_ordered_ = false;
                              if (carried->connection != nullptr) {
                                self->exclusive_opened(std::move(carried->connection));
                              } else {
                                self->refuse_claims(carried->failure);
                              }
                            });
                          });
}

void Lanes::exclusive_opened(ConnectionHandle handle) {
  const Exchange::Settings settings{shared_.settings.prepared, shared_.settings.statement_cache};
  const auto progress = [](Connection& connection) {
    const auto finished = std::exchange(connection.exchange().finished(), {});
    resume(finished);
  };
  auto connection = std::make_shared<Connection>(executor_, std::move(handle), settings, progress);
  connection->idle_since = std::chrono::steady_clock::now();
  shared_.stats.connections.fetch_add(1, std::memory_order_relaxed);
  idle_.push_back(std::move(connection));
  hand_out();
}

/// With a connection of their own under way somewhere, the claims can wait for it.
void Lanes::refuse_claims(const Failure& failure) {
  if (!leased_.empty() || !idle_.empty() || exclusive_ordered_) return;
  const auto claims = std::exchange(claims_, {});
  shared_.stats.waiting.fetch_sub(claims.size(), std::memory_order_relaxed);
  shared_.stats.refused.fetch_add(claims.size(), std::memory_order_relaxed);
  for (auto* claim : claims) {
    claim->error = failure.sqlstate == "53300" ? no_connection_free() : unreachable();
    const WaiterPtr waiter = std::move(claim->waiter);
    waiter->resume();
  }
}

asio::awaitable<void> Lanes::Lease::run(Burst& burst) {
  lanes_->shared_.stats.exclusive.fetch_add(1, std::memory_order_relaxed);
  if (connection_->lost()) {
    burst.fate = Burst::Fate::unsent;
    co_return;
  }
  const auto submit_burst = [this](Burst& waiting) {
    Burst* const one = &waiting;
    connection_->send({&one, 1});
    lanes_->watch();
  };
  co_await hand_over(burst, submit_burst);
}

Lanes::Lease::~Lease() {
  if (connection_ != nullptr) lanes_->give_back(std::move(connection_), tainted_);
}

void Lanes::give_back(std::shared_ptr<Connection> connection, bool tainted) {
  leased_.erase(std::remove(leased_.begin(), leased_.end(), connection), leased_.end());
  const auto canceled = std::find(canceled_.begin(), canceled_.end(), connection->number());
  // A cancel request may still be on its way: it must not hit another request.
  const bool hit = canceled != canceled_.end();
  if (hit) canceled_.erase(canceled);
  if (tainted || hit || connection->lost() || !connection->exchange().idle() || (shared_.closing && claims_.empty())) {
    connection->close();
    shared_.stats.connections.fetch_sub(1, std::memory_order_relaxed);
  } else {
    connection->idle_since = std::chrono::steady_clock::now();
    idle_.push_back(std::move(connection));
  }
  if (claims_.empty()) return;
  asio::post(executor_, [self = shared_from_this()] {
    self->send_back();
    self->hand_out();
  });
}

// --- time

bool Lanes::busy() const noexcept { return reads_->busy() || writes_->busy() || !claims_.empty() || !leased_.empty(); }

void Lanes::watch() {
  if (watching_ || !timer_) return;
  watching_ = true;
  timer_->expires_after(tick_time);
  timer_->async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    self->watching_ = false;
    if (error) return;
    self->tick();
    if (self->busy()) {
      self->watch();
    } else if (self->shared_.closing) {
      self->close();
    }
  });
}

void Lanes::tick() {
  const TimePoint now = std::chrono::steady_clock::now();
  reads_->tick(now);
  writes_->tick(now);
  std::vector<Claim*> late;
  for (auto it = claims_.begin(); it != claims_.end();) {
    if ((*it)->deadline > now) {
      ++it;
      continue;
    }
    (*it)->error = no_connection_free();
    late.push_back(*it);
    it = claims_.erase(it);
  }
  shared_.stats.waiting.fetch_sub(late.size(), std::memory_order_relaxed);
  shared_.stats.refused.fetch_add(late.size(), std::memory_order_relaxed);

  std::vector<std::shared_ptr<Connection>> dead;
  for (const auto& connection : leased_) {
    if (connection->exchange().idle() || connection->exchange().oldest_deadline() > now) continue;
    if (connection->overdue(now)) {
      dead.push_back(connection);
    } else if (std::find(canceled_.begin(), canceled_.end(), connection->number()) == canceled_.end()) {
      canceled_.push_back(connection->number());
      shared_.stats.canceled.fetch_add(1, std::memory_order_relaxed);
      shared_.connector.cancel(connection->cancel_handle());
    }
  }
  const auto unused = std::remove_if(idle_.begin(), idle_.end(), [&](const auto& connection) {
    return connection->idle_since + shared_.settings.idle_time < now;
  });
  shared_.stats.connections.fetch_sub(static_cast<std::uint64_t>(idle_.end() - unused), std::memory_order_relaxed);
  idle_.erase(unused, idle_.end());

  for (const auto& connection : dead) connection->drop("no answer came in time");
  hand_out();
  for (auto* claim : late) {
    const WaiterPtr waiter = std::move(claim->waiter);
    waiter->resume();
  }
}

void Lanes::close() {
  timer_.reset();
  std::vector<WaiterPtr> waiters;
  reads_->close(waiters);
  writes_->close(waiters);
  for (auto* claim : claims_) {
    claim->error = unreachable();
    waiters.push_back(std::move(claim->waiter));
  }
  claims_.clear();
  for (const auto& connection : idle_) connection->close(waiters);
  for (const auto& connection : leased_) connection->close(waiters);
  idle_.clear();
  if (waiters.empty()) return;
  // A stopped loop never runs this, but destroys it, and the coroutines with it.
  Resumption resumption(executor_);
  for (auto& waiter : waiters) resumption.add(std::move(waiter));
  Resumption::post(std::move(resumption));
}

}  // namespace ballast::storage::postgres
