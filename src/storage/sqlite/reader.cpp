#include "storage/sqlite/reader.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include "storage/sqlite/error.hpp"

namespace ballast::storage::sqlite {

namespace asio = boost::asio;

Reader::Reader(Shared& shared, std::unique_ptr<Connection> connection)
    : shared_(shared), connection_(std::move(connection)) {}

/// Ends the epoch when the loop comes to it, or drops it unrun.
class Reader::EpochEnd {
 public:
  explicit EpochEnd(std::shared_ptr<Reader> reader) : reader_(std::move(reader)) {}
  EpochEnd(EpochEnd&&) noexcept = default;
  EpochEnd& operator=(EpochEnd&&) = delete;
  ~EpochEnd() {
    if (reader_ == nullptr) return;
    const std::lock_guard lock(reader_->closing_);
    reader_->end();
    reader_->end_posted_ = false;
  }
  void operator()() const noexcept {}

 private:
  std::shared_ptr<Reader> reader_;
};

void Reader::end_epoch_on(const asio::any_io_executor& executor) {
  end_posted_ = true;
  // As a continuation it goes to the thread's own queue: no lock, no wake-up call.
  const asio::any_io_executor own = asio::prefer(executor, asio::execution::relationship.continuation);
  asio::post(own, EpochEnd(shared_from_this()));
}

int Reader::begin() {
  if (connection_ == nullptr) return SQLITE_CANTOPEN;  // closed
  seen_ = shared_.committed.load(std::memory_order_acquire);
  const int code = connection_->execute("BEGIN");
  open_ = code == SQLITE_OK;
  Stats::count(shared_.stats.epochs);
  return code;
}

void Reader::end() noexcept {
  if (!open_) return;
  open_ = false;
  if (connection_ == nullptr) return;
  if (connection_->execute("COMMIT") != SQLITE_OK && connection_->in_transaction()) connection_->execute("ROLLBACK");
}

std::optional<Result<Outcome>> Reader::read(const sql::Statement& statement, sql::RowSink& sink, TimePoint deadline) {
  if (std::chrono::steady_clock::now() >= deadline) return deadline_passed();
  if (open_ && shared_.committed.load(std::memory_order_acquire) != seen_) {
    end();
    Stats::count(shared_.stats.epochs_renewed);
  }
  Ran ran;
  if (!open_) ran.code = begin();
  Prepared* prepared = ran.ok() ? connection_->prepare(statement.text, ran) : nullptr;
  if (prepared != nullptr) {
    if (prepared->slow > 0) return std::nullopt;
    const auto& settings = shared_.settings;
    connection_->run(*prepared, statement, &sink, {.steps = settings.step_budget, .bytes = settings.byte_budget}, ran);
    if (ran.ok()) [[likely]] {
      Stats::count(shared_.stats.loop_reads);
      return ran.outcome;
    }
  }
  // Some errors end the transaction by themselves.
  if (open_ && !connection_->in_transaction()) open_ = false;
  if (ran.stop == Stop::budget) {
    prepared->slow = shared_.settings.slow_shapes;
    sink.restart();
    return std::nullopt;
  }
  const int kind = ran.code & 0xff;
  if (kind == SQLITE_BUSY || kind == SQLITE_LOCKED) {
    sink.restart();
    return std::nullopt;
  }
  if (ran.error) return std::move(*ran.error);
  return map_error(ran.code, ran.message, shared_.schema.load().get());
}

void Reader::learn(const std::string& text, bool was_fast) {
  Ran ran;
  Prepared* prepared = connection_->prepare(text, ran);
  if (prepared == nullptr) return;
  if (!was_fast) {
    prepared->slow = shared_.settings.slow_shapes;
  } else if (prepared->slow > 0) {
    --prepared->slow;
  }
}

void Reader::close() {
  const std::lock_guard lock(closing_);
  end();
  connection_.reset();
}

}  // namespace ballast::storage::sqlite
