#include "storage/sqlite/writer.hpp"

#include <boost/asio/post.hpp>
#include <cmath>

#include "base/check.hpp"
#include "storage/sqlite/diagnose.hpp"
#include "storage/sqlite/error.hpp"

namespace ballast::storage::sqlite {
namespace {

TimePoint now() { return std::chrono::steady_clock::now(); }

int note_log(void* pages, sqlite3*, const char*, int count) noexcept {
  *static_cast<std::atomic<std::uint64_t>*>(pages) = static_cast<std::uint64_t>(count);
  return SQLITE_OK;
}

/// Wakes the writer when the loop comes to it, or drops it unrun.
class WakeUp {
 public:
  explicit WakeUp(std::shared_ptr<std::condition_variable> writer) : writer_(std::move(writer)) {}
  WakeUp(WakeUp&&) noexcept = default;
  WakeUp& operator=(WakeUp&&) = delete;
  ~WakeUp() {
    if (writer_ != nullptr) writer_->notify_one();
  }
  void operator()() const noexcept {}

 private:
  std::shared_ptr<std::condition_variable> writer_;
};

}  // namespace

void Writer::start(std::unique_ptr<Connection> connection) {
  connection_ = std::move(connection);
  sqlite3_wal_hook(connection_->handle(), note_log, &shared_.stats.wal_pages);
  thread_ = std::thread([this] { work(); });
}

bool Writer::submit(WriteJob& job) {
  // The job may be answered, and gone, as soon as it is in the queue.
  const boost::asio::any_io_executor executor = job.executor;
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (closing_ || queue_.size() >= shared_.settings.write_queue) {
      Stats::count(shared_.stats.writer_refused);
      return false;
    }
    queue_.push_back(&job);
    shared_.stats.writer_waiting.store(queue_.size(), std::memory_order_relaxed);
    wake = std::exchange(sleeping_, false);
  }
  if (wake) boost::asio::post(executor, WakeUp(wake_));
  return true;
}

Error Writer::overloaded() {
  std::size_t waiting = 0;
  {
    const std::lock_guard lock(mutex_);
    waiting = queue_.size();
  }
  const double seconds = static_cast<double>(waiting) / std::max(rate_.load(), 0.1);
  const int retry = static_cast<int>(std::clamp(std::ceil(seconds), 1.0, 60.0));
  return unavailable("BLST503", "too many writes are waiting for the database", retry);
}

void Writer::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    sleeping_ = false;
  }
  wake_->notify_all();
  if (thread_.joinable()) thread_.join();
  connection_.reset();
}

void Writer::work() {
  while (take()) run_group();
}

bool Writer::take() {
  std::unique_lock lock(mutex_);
  while (pending_.empty() && queue_.empty()) {
    if (closing_) return false;
    sleeping_ = true;
    wake_->wait(lock, [this] { return closing_ || !queue_.empty(); });
    sleeping_ = false;
  }
  const std::size_t limit = std::max<std::size_t>(shared_.settings.group_limit, 1);
  while (pending_.size() < limit && !queue_.empty()) {
    pending_.push_back(queue_.front());
    queue_.pop_front();
  }
  shared_.stats.writer_waiting.store(queue_.size(), std::memory_order_relaxed);
  return true;
}

/// Who has waited behind a group that could not even begin would only wait as long again.
void Writer::take_all() {
  const std::lock_guard lock(mutex_);
  pending_.insert(pending_.end(), queue_.begin(), queue_.end());
  queue_.clear();
  shared_.stats.writer_waiting.store(0, std::memory_order_relaxed);
}

/// One transaction, or none when its lock cannot be had. What a lost transaction leaves is in `pending_` again.
void Writer::run_group() {
  const TimePoint started = now();
  const bool moved = connection_->moved();
  if (const int code = moved ? SQLITE_READONLY_DBMOVED : begin(); code != SQLITE_OK) {
    if ((code & 0xff) == SQLITE_BUSY) Stats::count(shared_.stats.busy);
    const Error error = map_error(code, "", nullptr);
    take_all();
    done_.assign(pending_.begin(), pending_.end());
    pending_.clear();
    fail_group(error);
    return answer();
  }
  const bool alone = pending_.size() == 1 || pending_.front()->alone;
  bool lost = false;
  while (!pending_.empty() && !lost) {
    WriteJob& job = *pending_.front();
    const bool in_company = !done_.empty() || !undone_.empty();
    if (in_company && (alone || job.alone)) break;
    pending_.pop_front();
    if (now() >= job.deadline) {
      job.result = deadline_passed();
      Stats::count(shared_.stats.units_expired);
      undone_.push_back(&job);
      continue;
    }
    switch (run_unit(job, alone)) {
      case Fate::done:
        done_.push_back(&job);
        break;
      case Fate::undone:
        undone_.push_back(&job);
        break;
      case Fate::lost:
        undone_.push_back(&job);
        lost = true;
        break;
      case Fate::apart:
        job.alone = true;
        pending_.push_back(&job);
        break;
    }
    if (now() - started > shared_.settings.group_time) break;
  }
  if (lost) {
    restart_group();
  } else {
    commit();
  }
  const double seconds = std::max(std::chrono::duration<double>(now() - started).count(), 1e-6);
  const auto count = static_cast<double>(done_.size() + undone_.size());
  if (count > 0) rate_.store(rate_.load() * 0.8 + 0.2 * count / seconds);
  answer();
  if (!lost) tend_log();
}

int Writer::begin() {
  check(!connection_->in_transaction(), "the writer is in a transaction already");
  return connection_->execute("BEGIN IMMEDIATE");
}

Writer::Fate Writer::run_unit(WriteJob& job, bool alone) {
  if (!alone) {
    if (const int code = connection_->execute("SAVEPOINT unit"); code != SQLITE_OK) {
      job.result = map_error(code, "", nullptr);
      return connection_->in_transaction() ? Fate::undone : Fate::lost;
    }
  }
  bool failed = false;
  try {
    Result<Outcome> previous = Outcome{};
    bool first = true;
    while (true) {
      UnitOfWork::Next next = job.unit->next(first ? nullptr : &previous);
      first = false;
      if (const auto* run = std::get_if<UnitOfWork::Run>(&next)) {
        if (!alone && !heavy_.empty() && heavy_.contains(run->statement->text)) {
          job.unit->restart();
          return undo(alone) ? Fate::apart : Fate::lost;
        }
        check(!failed, "a unit of work went on after a failed statement");
        Ran ran = connection_->run(*run->statement, run->sink, {.deadline = job.deadline});
        if (ran.ok()) {
          previous = ran.outcome;
        } else {
          failed = true;
          if (ran.stop == Stop::deadline) remember(run->statement->text);
          previous = failure(*run->statement, ran);
        }
        continue;
      }
      if (auto* rollback = std::get_if<UnitOfWork::Rollback>(&next)) {
        if (rollback->error) job.result = std::move(*rollback->error);
        break;
      }
      check(!failed, "a unit of work committed after a failed statement");
      // A deferred constraint that this unit leaves broken must fail this unit, not everybody's commit.
      int broken = 0;
      int unused = 0;
      sqlite3_db_status(connection_->handle(), SQLITE_DBSTATUS_DEFERRED_FKS, &broken, &unused, 0);
      if (broken > 0) {
        job.result = deferred_violation(*connection_, shared_.schema.load().get());
        break;
      }
      if (!alone) {
        if (const int code = connection_->execute("RELEASE unit"); code != SQLITE_OK) {
          job.result = map_error(code, "", nullptr);
          break;
        }
      }
      return Fate::done;
    }
  } catch (...) { job.exception = std::current_exception(); }
  Stats::count(shared_.stats.units_failed);
  return undo(alone) ? Fate::undone : Fate::lost;
}

void Writer::remember(const std::string& text) {
  constexpr std::size_t limit = 256;  // heavy statements are few; whoever makes more of them starts afresh
  if (heavy_.size() >= limit) heavy_.clear();
  heavy_.insert(text);
}

Error Writer::failure(const sql::Statement& statement, Ran& ran) {
  if (ran.error) return std::move(*ran.error);
  if (ran.stop == Stop::deadline) return deadline_passed();
  const catalog::SnapshotPtr schema = shared_.schema.load();
  Error error = map_error(ran.code, ran.message, schema.get());
  if ((ran.code & 0xff) == SQLITE_CONSTRAINT && connection_->in_transaction() && schema != nullptr) {
    diagnose(*connection_, statement, ran, *schema, error);
  }
  return error;
}

/// Back to where the unit began. False when the whole transaction is gone (or had to go).
bool Writer::undo(bool alone) {
  if (!connection_->in_transaction()) return false;
  if (!alone) {
    if (connection_->execute("ROLLBACK TO unit") == SQLITE_OK && connection_->execute("RELEASE unit") == SQLITE_OK) {
      return true;
    }
  }
  if (connection_->in_transaction()) connection_->execute("ROLLBACK");
  return false;
}

void Writer::commit() {
  if (done_.empty()) {
    if (connection_->in_transaction()) connection_->execute("ROLLBACK");
    return;
  }
  const int code = connection_->execute("COMMIT");
  if (code != SQLITE_OK) {
    const Error error = map_error(code, "", nullptr);
    if (connection_->in_transaction()) connection_->execute("ROLLBACK");
    Stats::count(shared_.stats.commits_failed);
    return fail_group(error);
  }
  Stats::count(shared_.stats.commits);
  Stats::count(shared_.stats.units, done_.size());
  shared_.committed.fetch_add(1, std::memory_order_release);
}

/// What failed by itself may have failed because of what is now undone, so it gets the same answer.
void Writer::fail_group(const Error& error) {
  const TimePoint at = now();
  const auto fail = [&](WriteJob* job) { job->result = at >= job->deadline ? deadline_passed() : error; };
  for (auto* job : done_) fail(job);
  for (auto* job : undone_) fail(job);
}

/// The transaction is gone: everything in it that went well is run again, before what waits.
void Writer::restart_group() {
  for (auto job = done_.rbegin(); job != done_.rend(); ++job) {
    try {
      (*job)->unit->restart();
      pending_.push_front(*job);
      Stats::count(shared_.stats.units_restarted);
    } catch (...) {
      (*job)->exception = std::current_exception();
      undone_.push_back(*job);
    }
  }
  done_.clear();
}

void Writer::answer() {
  done_.insert(done_.end(), undone_.begin(), undone_.end());
  undone_.clear();
  resume_all(done_);
  done_.clear();
}

void Writer::tend_log() {
  const std::size_t pages = shared_.stats.wal_pages.load();
  checkpointer_.log_is(pages);
  const std::size_t limit = shared_.settings.wal_limit;
  if (pages < helped_at_) helped_at_ = 0;
  if (pages < limit || pages < helped_at_ + limit / 4) return;
  helped_at_ = pages;
  // Between two transactions of the only writer the log stands still: whatever the checkpointer left can be copied,
  // and the next commit starts the log over unless a reader still needs it.
  sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  Stats::count(shared_.stats.checkpoints);
}

}  // namespace ballast::storage::sqlite
