#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "observe/sink.hpp"

namespace ballast::observe {

/// Keeps the lines, for tests.
class TestSink final : public Sink {
 public:
  explicit TestSink(bool terminal = false) : terminal_(terminal) {}

  void write(std::string_view line, bool) noexcept override {
    const std::scoped_lock lock(mutex_);
    lines_.emplace_back(line);
  }
  bool terminal() const noexcept override { return terminal_; }

  std::vector<std::string> lines() const {
    const std::scoped_lock lock(mutex_);
    return lines_;
  }
  std::string text() const {
    std::string all;
    for (const auto& line : lines()) all += line;
    return all;
  }

 private:
  const bool terminal_;
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

}  // namespace ballast::observe
