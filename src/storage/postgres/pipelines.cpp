#include "storage/postgres/pipelines.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

namespace ballast::storage::postgres {

namespace asio = boost::asio;

void Pipelines::submit(Burst& burst) {
  if (pending_.size() >= shared_.settings.waiting) {
    burst.fate = Burst::Fate::expired;
    shared_.stats.refused.fetch_add(1, std::memory_order_relaxed);
    Burst* const one = &burst;
    return resume({&one, 1});
  }
  pending_.push_back(&burst);
  shared_.stats.waiting.fetch_add(1, std::memory_order_relaxed);
  order();
  schedule();
}

/// At the end of the loop's turn, so that the requests of one turn travel together.
void Pipelines::schedule() {
  if (scheduled_) return;
  scheduled_ = true;
  asio::post(executor_, [self = shared_from_this()] {
    self->scheduled_ = false;
    self->send_pending();
  });
}

/// The one with the least to do.
Pipelines::Pipe* Pipelines::free_pipe() {
  Pipe* best = nullptr;
  for (auto& pipe : pipes_) {
    if (!has_room(pipe)) continue;
    if (best == nullptr || pipe.connection->exchange().under_way() < best->connection->exchange().under_way()) {
      best = &pipe;
    }
  }
  return best;
}

void Pipelines::send_pending() {
  while (!pending_.empty()) {
    if (refusing()) return refuse_pending();
    Pipe* pipe = free_pipe();
    if (pipe == nullptr) return;
    Connection& connection = *pipe->connection;
    connection.check_idle();
    if (connection.lost()) {
      progress(connection);
      continue;
    }
    std::size_t open = 0;
    for (const auto& other : pipes_) open += has_room(other) ? 1 : 0;
    // Shared out evenly, so that no server process rests while another has a queue.
    const std::size_t share = (pending_.size() + open - 1) / open;
    const std::size_t count = std::min({share, pending_.size(), settings_.batch});
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

/// As many as there is work for. One at least, so that a server that went is noticed when it is back.
void Pipelines::order() {
  std::size_t wanted = pending_.size();
  for (const auto& pipe : pipes_) wanted += pipe.connection->exchange().idle() ? 0 : 1;
  wanted = std::min(std::max<std::size_t>(wanted, 1), shared_.shares().*settings_.share);
  while (pipes_.size() + ordered_ < wanted) {
    ++ordered_;
    shared_.connector.order(Connector::Use::pipeline,
                            [weak = weak_from_this(), executor = executor_](Connector::Answer answer) {
                              // A handler must be copyable for std::function, a connection is not.
                              auto carried = std::make_shared<Connector::Answer>(std::move(answer));
                              asio::post(executor, [weak, carried] {
                                const auto self = weak.lock();
                                if (self == nullptr) return;
                                if (carried->connection != nullptr) {
                                  self->opened(std::move(carried->connection));
                                } else if (self->pipes_.empty()) {
                                  self->refuse_pending();
                                }
                              });
                            });
  }
}

void Pipelines::opened(ConnectionHandle handle) {
  --ordered_;
  const Exchange::Settings settings{shared_.settings.prepared, shared_.settings.statement_cache};
  const auto report = [this](Connection& connection) { progress(connection); };
  pipes_.push_back({std::make_shared<Connection>(executor_, std::move(handle), settings, report), {}});
  shared_.stats.connections.fetch_add(1, std::memory_order_relaxed);
  send_pending();
}

void Pipelines::refuse_pending() {
  std::vector<Burst*> refused(pending_.begin(), pending_.end());
  pending_.clear();
  shared_.stats.waiting.fetch_sub(refused.size(), std::memory_order_relaxed);
  shared_.stats.refused.fetch_add(refused.size(), std::memory_order_relaxed);
  for (auto* burst : refused) burst->fate = Burst::Fate::refused;
  resume(refused);
}

void Pipelines::progress(Connection& connection) {
  const auto finished = std::exchange(connection.exchange().finished(), {});
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
      order();
    }
  }
  if (!pending_.empty()) schedule();
  resume(finished);
}

bool Pipelines::busy() const noexcept {
  return !pending_.empty() || std::any_of(pipes_.begin(), pipes_.end(),
                                          [](const Pipe& pipe) { return !pipe.connection->exchange().idle(); });
}

void Pipelines::tick(TimePoint now) {
  // Whoever waits is told of any failure to connect, whoever's attempt it was.
  if (refusing()) refuse_pending();
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
  shared_.stats.waiting.fetch_sub(expired.size(), std::memory_order_relaxed);
  shared_.stats.refused.fetch_add(expired.size(), std::memory_order_relaxed);
  std::vector<std::shared_ptr<Connection>> dead;
  for (const auto& pipe : pipes_) {
    if (pipe.connection->overdue(now)) dead.push_back(pipe.connection);
  }
  for (const auto& connection : dead) connection->drop("no answer came in time");
  resume(expired);
}

void Pipelines::close(std::vector<WaiterPtr>& waiters) {
  for (auto* burst : pending_) burst->fate = Burst::Fate::refused;
  take_waiters(std::vector<Burst*>(pending_.begin(), pending_.end()), waiters);
  pending_.clear();
  for (const auto& pipe : pipes_) pipe.connection->close(waiters);
  pipes_.clear();
}

}  // namespace ballast::storage::postgres
