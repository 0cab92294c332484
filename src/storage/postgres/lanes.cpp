#include "storage/postgres/lanes.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

namespace ballast::storage::postgres {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto tick_time = 20ms;
/// How long beyond its deadline an answer may be missing until the connection is taken for dead.
constexpr auto patience = 2s;
constexpr std::size_t statements_per_connection = 4;  // of those that a loop knows, per one that a connection keeps

}  // namespace

Lanes::Lanes(Shared& shared, const asio::any_io_executor& executor)
    : shared_(shared),
      executor_(executor),
      statements_(shared.settings.statement_cache * statements_per_connection, shared.stats),
      timer_(executor) {}

// --- the fast lane

asio::awaitable<void> Lanes::run_shared(Burst& burst) {
  const auto submit_burst = [this](Burst& waiting) { submit(waiting); };
  co_await hand_over(burst, submit_burst);
}

void Lanes::submit(Burst& burst) {
  if (pending_.size() >= shared_.settings.waiting) {
    burst.fate = Burst::Fate::expired;
    shared_.stats.refused.fetch_add(1, std::memory_order_relaxed);
    return resume({&burst});
  }
  pending_.push_back(&burst);
  shared_.stats.waiting.fetch_add(1, std::memory_order_relaxed);
  order_pipes();
  schedule();
  watch();
}

/// At the end of the loop's turn, so that the requests of one turn travel together.
void Lanes::schedule() {
  if (scheduled_) return;
  scheduled_ = true;
  asio::post(executor_, [self = shared_from_this()] {
    self->scheduled_ = false;
    self->send_pending();
  });
}

Lanes::Pipe* Lanes::free_pipe() {
  Pipe* best = nullptr;
  for (auto& pipe : pipes_) {
    if (pipe.batches.size() >= shared_.settings.pipeline_depth) continue;
    if (best == nullptr || pipe.connection->exchange().under_way() < best->connection->exchange().under_way()) {
      best = &pipe;
    }
  }
  return best;
}

void Lanes::send_pending() {
  while (!pending_.empty()) {
    if (pipes_.empty() && shared_.connector.down()) return refuse_pending();
    Pipe* pipe = free_pipe();
    if (pipe == nullptr) return;
    Connection& connection = *pipe->connection;
    connection.check_idle();
    if (connection.lost()) {
      pipe_progress(connection);
      continue;
    }
    std::size_t open = 0;
    for (const auto& other : pipes_) open += other.batches.size() < shared_.settings.pipeline_depth ? 1 : 0;
    // Shared out evenly, so that no server process rests while another has a queue.
    const std::size_t share = (pending_.size() + open - 1) / open;
    const std::size_t count = std::min({share, pending_.size(), shared_.settings.batch});
    thread_local std::vector<Burst*> batch;
    batch.assign(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
    shared_.stats.waiting.fetch_sub(count, std::memory_order_relaxed);
    shared_.stats.pipelined.fetch_add(count, std::memory_order_relaxed);
    shared_.stats.pipeline_batches.fetch_add(1, std::memory_order_relaxed);
    pipe->batches.push_back(count);
    connection.send(batch);
  }
}

void Lanes::order_pipes() {
  while (pipes_.size() + pipes_ordered_ < shared_.shares().pipelines) {
    ++pipes_ordered_;
    shared_.connector.order(Connector::Use::pipeline,
                            [weak = weak_from_this(), executor = executor_](Connector::Answer answer) {
                              // A handler must be copyable for std::function, a connection is not.
                              auto carried = std::make_shared<Connector::Answer>(std::move(answer));
                              asio::post(executor, [weak, carried] {
                                const auto self = weak.lock();
                                if (self == nullptr) return;
                                if (carried->connection != nullptr) {
                                  self->pipe_opened(std::move(carried->connection));
                                } else if (self->pipes_.empty()) {
                                  self->refuse_pending();
                                }
                              });
                            });
  }
}

void Lanes::pipe_opened(ConnectionHandle handle) {
  --pipes_ordered_;
  const Exchange::Settings settings{shared_.settings.prepared, shared_.settings.statement_cache};
  const auto progress = [this](Connection& connection) { pipe_progress(connection); };
  pipes_.push_back({std::make_shared<Connection>(executor_, std::move(handle), settings, progress), {}});
  shared_.stats.connections.fetch_add(1, std::memory_order_relaxed);
  send_pending();
}

void Lanes::refuse_pending() {
  std::vector<Burst*> refused(pending_.begin(), pending_.end());
  pending_.clear();
  shared_.stats.waiting.fetch_sub(refused.size(), std::memory_order_relaxed);
  shared_.stats.refused.fetch_add(refused.size(), std::memory_order_relaxed);
  for (auto* burst : refused) burst->fate = Burst::Fate::refused;
  resume(std::move(refused));
}

void Lanes::pipe_progress(Connection& connection) {
  auto finished = std::exchange(connection.exchange().finished(), {});
  const auto found = std::find_if(pipes_.begin(), pipes_.end(),
                                  [&](const Pipe& pipe) { return pipe.connection.get() == &connection; });
  if (found != pipes_.end()) {
    std::size_t ended = finished.size();
    while (ended > 0 && !found->batches.empty()) {
      const std::size_t part = std::min(ended, found->batches.front());
      found->batches.front() -= part;
      ended -= part;
      if (found->batches.front() == 0) found->batches.pop_front();
    }
    if (connection.lost()) {
      pipes_.erase(found);
      shared_.stats.lost.fetch_add(1, std::memory_order_relaxed);
      shared_.stats.connections.fetch_sub(1, std::memory_order_relaxed);
      order_pipes();
    }
  }
  if (!pending_.empty()) schedule();
  resume(std::move(finished));
}

void Lanes::resume(std::vector<Burst*> finished) {
  for (auto* burst : finished) {
    const WaiterPtr waiter = std::move(burst->waiter);
    if (waiter != nullptr) waiter->resume();
  }
}

// --- the slow lane

asio::awaitable<Result<Lanes::Lease>> Lanes::lease(TimePoint deadline) {
  Claim claim{.deadline = deadline};
  const auto submit_claim = [this](Claim& waiting) { submit(waiting); };
  co_await hand_over(claim, submit_claim);
  if (claim.error) co_return std::move(*claim.error);
  co_return Lease(shared_from_this(), std::move(claim.connection));
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

void Lanes::hand_out() {
  while (!claims_.empty()) {
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
    leased_.push_back(connection);
    claim.connection = std::move(connection);
    const WaiterPtr waiter = std::move(claim.waiter);
    waiter->resume();
  }
  order_exclusive();
}

void Lanes::order_exclusive() {
  while (exclusive_ordered_ < claims_.size() &&
         idle_.size() + leased_.size() + exclusive_ordered_ < shared_.shares().exclusive) {
    ++exclusive_ordered_;
    shared_.connector.order(Connector::Use::exclusive,
                            [weak = weak_from_this(), executor = executor_](Connector::Answer answer) {
                              auto carried = std::make_shared<Connector::Answer>(std::move(answer));
                              asio::post(executor, [weak, carried] {
                                const auto self = weak.lock();
                                if (self == nullptr) return;
                                --self->exclusive_ordered_;
                                if (carried->connection != nullptr) {
                                  self->exclusive_opened(std::move(carried->connection));
                                } else {
                                  self->refuse_claims(carried->failure);
                                }
                              });
                            });
  }
}

void Lanes::exclusive_opened(ConnectionHandle handle) {
  const Exchange::Settings settings{shared_.settings.prepared, shared_.settings.statement_cache};
  const auto progress = [this](Connection& connection) { exclusive_progress(connection); };
  auto connection = std::make_shared<Connection>(executor_, std::move(handle), settings, progress);
  connection->idle_since = std::chrono::steady_clock::now();
  shared_.stats.connections.fetch_add(1, std::memory_order_relaxed);
  idle_.push_back(std::move(connection));
  hand_out();
}

/// With a connection of their own under way somewhere, the claims can wait for it.
void Lanes::refuse_claims(const Failure& failure) {
  if (!leased_.empty() || !idle_.empty() || exclusive_ordered_ > 0) return;
  const auto claims = std::exchange(claims_, {});
  shared_.stats.waiting.fetch_sub(claims.size(), std::memory_order_relaxed);
  shared_.stats.refused.fetch_add(claims.size(), std::memory_order_relaxed);
  for (auto* claim : claims) {
    claim->error = failure.sqlstate == "53300" ? no_connection_free() : unreachable();
    const WaiterPtr waiter = std::move(claim->waiter);
    waiter->resume();
  }
}

void Lanes::exclusive_progress(Connection& connection) { resume(std::exchange(connection.exchange().finished(), {})); }

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
  asio::post(executor_, [self = shared_from_this()] { self->hand_out(); });
}

// --- time

bool Lanes::busy() const noexcept {
  if (!pending_.empty() || !claims_.empty() || !leased_.empty()) return true;
  return std::any_of(pipes_.begin(), pipes_.end(),
                     [](const Pipe& pipe) { return !pipe.connection->exchange().idle(); });
}

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
  std::vector<Burst*> expired;
  for (auto it = pending_.begin(); it != pending_.end();) {
    if ((*it)->deadline > now) {
      ++it;
      continue;
    }
    (*it)->fate = Burst::Fate::expired;
    expired.push_back(*it);
    it = pending_.erase(it);
  }
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
  shared_.stats.waiting.fetch_sub(expired.size() + late.size(), std::memory_order_relaxed);
  shared_.stats.refused.fetch_add(expired.size() + late.size(), std::memory_order_relaxed);

  std::vector<std::shared_ptr<Connection>> dead;
  for (const auto& connection : leased_) {
    if (connection->exchange().idle() || connection->exchange().oldest_deadline() > now) continue;
    if (connection->exchange().oldest_deadline() + patience < now) {
      dead.push_back(connection);
    } else if (std::find(canceled_.begin(), canceled_.end(), connection->number()) == canceled_.end()) {
      canceled_.push_back(connection->number());
      shared_.stats.canceled.fetch_add(1, std::memory_order_relaxed);
      shared_.connector.cancel(connection->cancel_handle());
    }
  }
  for (const auto& pipe : pipes_) {
    const auto& exchange = pipe.connection->exchange();
    if (!exchange.idle() && exchange.oldest_deadline() + patience < now) dead.push_back(pipe.connection);
  }
  const auto unused = std::remove_if(idle_.begin(), idle_.end(), [&](const auto& connection) {
    return connection->idle_since + shared_.settings.idle_time < now;
  });
  shared_.stats.connections.fetch_sub(static_cast<std::uint64_t>(idle_.end() - unused), std::memory_order_relaxed);
  idle_.erase(unused, idle_.end());

  for (const auto& connection : dead) connection->drop("no answer came in time");
  for (auto* claim : late) {
    const WaiterPtr waiter = std::move(claim->waiter);
    waiter->resume();
  }
  resume(std::move(expired));
}

void Lanes::close() {
  timer_.reset();
  std::vector<WaiterPtr> waiters;
  const auto take = [&](Burst* burst) {
    if (burst->waiter != nullptr) waiters.push_back(std::move(burst->waiter));
  };
  for (auto* burst : pending_) {
    burst->fate = Burst::Fate::refused;
    take(burst);
  }
  pending_.clear();
  for (auto* claim : claims_) {
    claim->error = unreachable();
    waiters.push_back(std::move(claim->waiter));
  }
  claims_.clear();
  const auto end = [&](const std::shared_ptr<Connection>& connection) {
    connection->exchange().lost({});
    for (auto* burst : std::exchange(connection->exchange().finished(), {})) take(burst);
    connection->close();
  };
  for (const auto& pipe : pipes_) end(pipe.connection);
  for (const auto& connection : idle_) end(connection);
  for (const auto& connection : leased_) end(connection);
  pipes_.clear();
  idle_.clear();
  if (waiters.empty()) return;
  // A stopped loop never runs this, but destroys it, and the coroutines with it.
  Resumption resumption(executor_);
  for (auto& waiter : waiters) resumption.add(std::move(waiter));
  Resumption::post(std::move(resumption));
}

}  // namespace ballast::storage::postgres
