#include "storage/sqlite/slow_reads.hpp"

#include <array>

#include "storage/sqlite/error.hpp"

namespace ballast::storage::sqlite {

Result<void> SlowReads::start() {
  const std::size_t count = std::max<std::size_t>(shared_.settings.slow_threads, 1);
  for (std::size_t i = 0; i < count; ++i) {
    BALLAST_TRY(auto connection, Connection::open(shared_.path, shared_.settings, Role::slow));
    connections_.push_back(std::move(connection));
  }
  for (auto& connection : connections_) {
    threads_.emplace_back([this, c = connection.get()] { work(*c); });
  }
  return {};
}

bool SlowReads::submit(SlowJob& job) {
  {
    const std::lock_guard lock(mutex_);
    if (closing_ || queue_.size() >= shared_.settings.slow_queue) {
      Stats::count(shared_.stats.slow_refused);
      return false;
    }
    queue_.push_back(&job);
    shared_.stats.slow_waiting.store(queue_.size(), std::memory_order_relaxed);
  }
  wake_.notify_one();
  return true;
}

Error SlowReads::overloaded() const {
  return unavailable("BLST503", "too many long queries are waiting", 2)
      .with_hint("ask for less, add an index that serves the filter, or try again later");
}

void SlowReads::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  connections_.clear();
}

void SlowReads::work(Connection& connection) {
  while (true) {
    SlowJob* job = nullptr;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return closing_ || !queue_.empty(); });
      if (queue_.empty()) return;
      job = queue_.front();
      queue_.pop_front();
      shared_.stats.slow_waiting.store(queue_.size(), std::memory_order_relaxed);
    }
    try {
      run(connection, *job);
    } catch (...) { job->exception = std::current_exception(); }
    Stats::count(shared_.stats.slow_reads);
    resume_all(std::array{job});
  }
}

void SlowReads::run(Connection& connection, SlowJob& job) {
  if (std::chrono::steady_clock::now() >= job.deadline) {
    job.result = deadline_passed();
    return;
  }
  Ran ran = connection.run(*job.statement, job.sink, {.deadline = job.deadline});
  const auto& settings = shared_.settings;
  job.was_fast = connection.steps() <= settings.step_budget && job.sink->bytes() <= settings.byte_budget;
  if (ran.ok()) {
    job.result = ran.outcome;
  } else if (ran.error) {
    job.result = std::move(*ran.error);
  } else if (ran.stop == Stop::deadline) {
    job.result = deadline_passed();
  } else {
    if ((ran.code & 0xff) == SQLITE_BUSY) Stats::count(shared_.stats.busy);
    job.result = map_error(ran.code, ran.message, shared_.schema.load().get());
  }
}

}  // namespace ballast::storage::sqlite
