#include "observe/log.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string>

#include "observe/log_line.hpp"

namespace ballast::observe {
namespace {

bool colours_wanted() {
  const char* no_color = std::getenv("NO_COLOR");
  return no_color == nullptr || *no_color == '\0';
}

constexpr std::size_t kept_line = 16U << 10;  // a thread keeps its line's buffer up to this

}  // namespace

Logger::Logger(LogSettings settings, std::shared_ptr<Sink> sink, const Clock& clock)
    : level_(settings.level), sink_(std::move(sink)), clock_(&clock) {
  const bool terminal = sink_ && sink_->terminal();
  human_ = settings.format == LogFormat::human || (settings.format == LogFormat::automatic && terminal);
  colours_ = human_ && terminal && colours_wanted();
}

void Logger::log(Level level, std::string_view message, std::span<const Field> fields) const noexcept {
  if (!enabled(level) || level == Level::off || !sink_) return;
  try {
    thread_local std::string line;
    line.clear();
    if (human_) {
      append_human_line(line, clock_->wall(), level, message, fields, colours_);
    } else {
      append_json_line(line, clock_->wall(), level, message, fields);
    }
    sink_->write(line, level >= Level::warning);
    if (line.capacity() > kept_line) line = std::string();
  } catch (const std::exception&) {
    // No memory for a log line: the line is lost, the request is not.
  }
}

std::unique_ptr<Logger> make_stderr_logger(const LogSettings& settings) {
  return std::make_unique<Logger>(settings, std::make_shared<DescriptorSink>(STDERR_FILENO, settings.flush_interval));
}

}  // namespace ballast::observe
