#pragma once

#include <atomic>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>

#include "base/clock.hpp"
#include "observe/field.hpp"
#include "observe/settings.hpp"
#include "observe/sink.hpp"

namespace ballast::observe {

/// The structured log: a sentence for people and fields for machines. Thread-safe; a line below the level costs one
/// relaxed load, as long as its fields are cheap to name.
class Logger {
 public:
  /// Writes nothing.
  Logger() = default;
  /// Colours on a terminal, unless NO_COLOR (no-color.org) is set and not empty.
  Logger(LogSettings settings, std::shared_ptr<Sink> sink, const Clock& clock = system_clock());
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;
  ~Logger() = default;

  bool enabled(Level level) const noexcept { return level >= level_.load(std::memory_order_relaxed); }
  void set_level(Level level) noexcept { level_.store(level, std::memory_order_relaxed); }
  bool human() const noexcept { return human_; }

  void log(Level level, std::string_view message, std::span<const Field> fields) const noexcept;
  void log(Level level, std::string_view message, std::initializer_list<Field> fields = {}) const noexcept {
    log(level, message, std::span<const Field>(fields.begin(), fields.size()));
  }
  void debug(std::string_view message, std::initializer_list<Field> fields = {}) const noexcept {
    log(Level::debug, message, fields);
  }
  void info(std::string_view message, std::initializer_list<Field> fields = {}) const noexcept {
    log(Level::info, message, fields);
  }
  void warning(std::string_view message, std::initializer_list<Field> fields = {}) const noexcept {
    log(Level::warning, message, fields);
  }
  void error(std::string_view message, std::initializer_list<Field> fields = {}) const noexcept {
    log(Level::error, message, fields);
  }
  void flush() const noexcept {
    if (sink_) sink_->flush();
  }

 private:
  std::atomic<Level> level_{Level::off};
  std::shared_ptr<Sink> sink_;
  const Clock* clock_ = &system_clock();
  bool human_ = false;
  bool colours_ = false;
};

/// To standard error.
std::unique_ptr<Logger> make_stderr_logger(const LogSettings& settings);

}  // namespace ballast::observe
