#include "observe/sink.hpp"

#include <unistd.h>

#include <cerrno>

namespace ballast::observe {
namespace {
constexpr std::size_t enough = 64U << 10;  // one write of this size costs little more than one of a line
}

DescriptorSink::DescriptorSink(int descriptor, std::chrono::milliseconds flush_interval)
    : descriptor_(descriptor),
      terminal_(::isatty(descriptor) == 1),
      interval_(terminal_ ? std::chrono::milliseconds(0) : flush_interval) {
  if (interval_.count() > 0) flusher_ = std::thread([this] { flush_now_and_then(); });
}

DescriptorSink::~DescriptorSink() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    write_all();
  }
  wake_.notify_one();
  if (flusher_.joinable()) flusher_.join();
}

void DescriptorSink::write(std::string_view line, bool urgent) noexcept {
  try {
    const std::scoped_lock lock(mutex_);
    const bool was_empty = waiting_.empty();
    waiting_ += line;
    if (urgent || interval_.count() <= 0 || waiting_.size() >= enough) {
      write_all();
    } else if (was_empty) {
      wake_.notify_one();
    }
  } catch (const std::exception&) {
    // No memory for a log line: the line is lost, the request is not.
  }
}

void DescriptorSink::flush() noexcept {
  const std::scoped_lock lock(mutex_);
  write_all();
}

void DescriptorSink::write_all() noexcept {
  std::string_view left = waiting_;
  while (!left.empty()) {
    const ssize_t n = ::write(descriptor_, left.data(), left.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    left.remove_prefix(static_cast<std::size_t>(n));
  }
  waiting_.clear();
}

void DescriptorSink::flush_now_and_then() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    wake_.wait_for(lock, interval_, [this] { return stopping_; });
    write_all();
  }
}

}  // namespace ballast::observe
