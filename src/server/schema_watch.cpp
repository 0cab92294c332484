#include "server/schema_watch.hpp"

namespace ballast::server {
namespace {

constexpr Duration first_load_interval = std::chrono::milliseconds(200);

}  // namespace

SchemaWatch::SchemaWatch(storage::Storage& storage, catalog::Holder& holder, Duration interval, Accept accept,
                         Listener loaded)
    : storage_(storage), holder_(holder), interval_(interval), accept_(std::move(accept)), loaded_(std::move(loaded)) {
  thread_ = std::thread([this] { run(); });
}

SchemaWatch::~SchemaWatch() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void SchemaWatch::reload_now() {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = true;
  }
  wake_.notify_one();
}

std::string SchemaWatch::problem() const {
  const std::lock_guard lock(mutex_);
  return problem_;
}

void SchemaWatch::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const bool loaded = holder_.load() != nullptr;
    // A server that was waited for is to be noticed at once.
    wake_.wait_for(lock, loaded ? interval_ : std::min<Duration>(interval_, first_load_interval),
                   [this] { return stopping_ || wanted_; });
    if (stopping_) return;
    const bool wanted = std::exchange(wanted_, false);
    lock.unlock();
    const auto before = holder_.load();
    const auto version = storage_.schema_version();
    // A database that does not answer is /ready's business; its schema is asked for again at the next turn.
    if (wanted || (version && (before == nullptr || *version != before->version()))) reload();
    lock.lock();
  }
}

void SchemaWatch::reload() {
  auto snapshot = storage_.introspect();
  std::string problem;
  if (!snapshot) {
    problem = snapshot.error().message;
  } else if (const auto accepted = holder_.load() == nullptr ? accept_(**snapshot) : Result<void>(); !accepted) {
    problem = accepted.error().message;
  } else {
    holder_.store(std::move(snapshot).value());
  }
  bool news = true;
  {
    const std::lock_guard lock(mutex_);
    news = problem.empty() || problem != problem_;
    problem_ = problem;
  }
  if (news) loaded_(problem);
}

}  // namespace ballast::server
