#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace ballast::observe {

/// Where log lines go. Thread-safe.
class Sink {
 public:
  virtual ~Sink() = default;
  /// One whole line. `urgent`: it must be on its way when the call returns.
  virtual void write(std::string_view line, bool urgent) noexcept = 0;
  virtual void flush() noexcept {}
  /// Is a person reading along?
  virtual bool terminal() const noexcept { return false; }
};

/// Writes whole lines to a file descriptor that it does not own, many in one write(2) when they come fast. What cannot
/// be written is dropped: a log must not stop the server.
class DescriptorSink final : public Sink {
 public:
  /// Lines that are not urgent wait up to `flush_interval`; zero, or a terminal, writes each at once.
  explicit DescriptorSink(int descriptor, std::chrono::milliseconds flush_interval = std::chrono::milliseconds(0));
  DescriptorSink(const DescriptorSink&) = delete;
  DescriptorSink& operator=(const DescriptorSink&) = delete;
  ~DescriptorSink() override;

  void write(std::string_view line, bool urgent) noexcept override;
  void flush() noexcept override;
  bool terminal() const noexcept override { return terminal_; }

 private:
  void write_all() noexcept;  // requires mutex_
  void flush_now_and_then();

  const int descriptor_;
  const bool terminal_;
  const std::chrono::milliseconds interval_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::string waiting_;
  bool stopping_ = false;
  std::thread flusher_;
};

}  // namespace ballast::observe
