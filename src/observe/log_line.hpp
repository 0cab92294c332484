#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "observe/field.hpp"
#include "observe/settings.hpp"

/// A log line as text, with its newline. Values come from outside, so control characters are escaped in both formats:
/// a line stays one line and a terminal obeys nobody but us.
namespace ballast::observe {

std::string_view to_string(Level level) noexcept;

/// `{"time":"2026-01-31T12:00:00.123Z","level":"info","message":"…","name":value…}`; bytes that are no UTF-8 become
/// U+FFFD.
void append_json_line(std::string& out, WallTime time, Level level, std::string_view message,
                      std::span<const Field> fields);

/// `12:00:00.123 INFO  message  name=value name="two words"`, in UTC.
void append_human_line(std::string& out, WallTime time, Level level, std::string_view message,
                       std::span<const Field> fields, bool colours);

}  // namespace ballast::observe
