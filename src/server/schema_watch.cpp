#include "server/schema_watch.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <utility>

#include "base/check.hpp"

namespace ballast::server {
namespace {

constexpr Duration impatient_interval = std::chrono::milliseconds(200);
/// Asking takes the database at most one part in so many of a processor's time, however often requests ask for what is
/// not there.
constexpr int share = 10;
constexpr Duration longest_rest = std::chrono::milliseconds(250);

}  // namespace

SchemaWatch::SchemaWatch(storage::Storage& storage, catalog::Holder& holder, Duration interval, Accept accept,
                         Listener loaded)
    : storage_(storage),
      holder_(holder),
      interval_(interval),
      accept_(std::move(accept)),
      loaded_(std::move(loaded)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  check(wake_.get() >= 0, "no eventfd for the schema watch");
}

SchemaWatch::~SchemaWatch() { stop(); }

void SchemaWatch::start() {
  thread_ = std::thread([this] { run(); });
}

void SchemaWatch::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    waiting_.clear();
  }
  wake();
  if (thread_.joinable()) thread_.join();
}

void SchemaWatch::reload_now() {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = true;
  }
  wake();
}

void SchemaWatch::catch_up(std::function<void()> caught_up) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    waiting_.push_back(std::move(caught_up));
  }
  wake();
}

void SchemaWatch::wake() const {
  const std::uint64_t one = 1;
  // It fails only when a wake-up is pending.
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
}

std::string SchemaWatch::problem() const {
  const std::lock_guard lock(mutex_);
  return problem_;
}

void SchemaWatch::wait() const {
  // A server that was waited for is to be noticed at once, and what changed while nobody could be asked or listened to.
  const bool patient = holder_.load() != nullptr && answered_;
  const Duration interval = patient ? interval_ : std::min<Duration>(interval_, impatient_interval);
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(interval).count();
  pollfd watched[] = {{wake_.get(), POLLIN, 0}, {storage_.news_descriptor(), POLLIN, 0}};
  ::poll(watched, std::size(watched), static_cast<int>(std::min<std::int64_t>(milliseconds, 3'600'000)));
  std::uint64_t count = 0;
  [[maybe_unused]] const auto read = ::read(wake_.get(), &count, sizeof count);
}

void SchemaWatch::run() {
  while (true) {
    wait();
    bool wanted = false;
    std::vector<std::function<void()>> waiting;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      wanted = std::exchange(wanted_, false);
      waiting.swap(waiting_);
    }
    const auto before = holder_.load();
    const auto start = std::chrono::steady_clock::now();
    const auto version = storage_.schema_version();
    answered_ = version.ok();
    const auto rest = std::min<Duration>(share * (std::chrono::steady_clock::now() - start), longest_rest);
    // A database that does not answer is /ready's business; its schema is asked for again at the next turn.
    reloading_ = wanted || (version && (before == nullptr || *version != before->version()));
    if (reloading_) reload();
    reloading_ = false;
    for (const auto& caught_up : waiting) caught_up();
    std::this_thread::sleep_for(rest);
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
