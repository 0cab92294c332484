#include "storage/sqlite/checkpointer.hpp"

namespace ballast::storage::sqlite {

Result<void> Checkpointer::start() {
  BALLAST_TRY(connection_, Connection::open(shared_.path, shared_.settings, Role::service));
  thread_ = std::thread([this] { work(); });
  return {};
}

void Checkpointer::log_is(std::size_t pages) {
  if (pages < done_at_) done_at_ = 0;  // the log was started over
  // A reader may pin a long log: asking after every commit would only copy the same pages again.
  if (pages < done_at_ + shared_.settings.checkpoint_pages) return;
  done_at_ = pages;
  {
    const std::lock_guard lock(mutex_);
    wanted_ = true;
  }
  wake_.notify_one();
}

void Checkpointer::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  connection_.reset();
}

void Checkpointer::work() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return closing_ || wanted_; });
      if (closing_) return;
      wanted_ = false;
    }
    // A failure costs nothing but a longer log; the next commit asks again.
    sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    Stats::count(shared_.stats.checkpoints);
  }
}

}  // namespace ballast::storage::sqlite
