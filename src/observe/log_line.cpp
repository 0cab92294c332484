#include "observe/log_line.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <ctime>

#include "base/word.hpp"

namespace ballast::observe {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view dim = "\x1b[2m";
constexpr std::string_view plain = "\x1b[0m";

/// The length of the UTF-8 sequence at `at` (RFC 3629, 4); 0 when it is none.
std::size_t sequence_at(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const unsigned low = first == 0xe0 ? 0xa0U : 0x80U;
    const unsigned high = first == 0xed ? 0x9fU : 0xbfU;
    return byte(1) >= low && byte(1) <= high && tail(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const unsigned low = first == 0xf0 ? 0x90U : 0x80U;
    const unsigned high = first == 0xf4 ? 0x8fU : 0xbfU;
    return byte(1) >= low && byte(1) <= high && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

bool plain_word(const char* at) noexcept {
  const std::uint64_t eight = word::load(at);
  return !word::has_high(eight) && !word::has_below(eight, 0x20) && !word::has(eight, '"') && !word::has(eight, '\\') &&
         !word::has(eight, 0x7f);
}

/// Between quotes. C1 controls (U+0080–U+009F) steer terminals too, so they are escaped like C0.
void append_escaped(std::string& out, std::string_view text) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < text.size();) {
    while (i + 8 <= text.size() && plain_word(text.data() + i)) i += 8;
    if (i == text.size()) break;
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
      ++i;
      continue;
    }
    const std::size_t length = sequence_at(text, i);
    const bool c1 = length == 2 && c == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (length > 1 && !c1) {
      i += length;
      continue;
    }
    out.append(text.substr(kept, i - kept));
    if (length == 0) {
      out += "\\ufffd";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\n') {
      out += "\\n";
    } else {
      const unsigned code = c1 ? static_cast<unsigned char>(text[i + 1]) : c;
      out += "\\u00";
      out += hex_digits[code >> 4U];
      out += hex_digits[code & 15U];
    }
    i += length == 0 ? 1 : length;
    kept = i;
  }
  out.append(text.substr(kept));
}

template <class T>
void append_integer(std::string& out, T number) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_double(std::string& out, double number, bool json) {
  if (std::isfinite(number)) {
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
  } else {
    out += json ? "null" : std::isnan(number) ? "nan" : number < 0 ? "-inf" : "inf";
  }
}

bool needs_quotes(std::string_view text) noexcept {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '\\' || c == '=' ||
        static_cast<unsigned char>(c) >= 0x7f) {
      return true;
    }
  }
  return text.empty();
}

void append_value(std::string& out, const Field::Value& value, bool json) {
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    if (!json && !needs_quotes(*text)) {
      out += *text;
      return;
    }
    out += '"';
    append_escaped(out, *text);
    out += '"';
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    append_integer(out, *number);
  } else if (const auto* natural = std::get_if<std::uint64_t>(&value)) {
    append_integer(out, *natural);
  } else if (const auto* real = std::get_if<double>(&value)) {
    append_double(out, *real, json);
  } else {
    out += std::get<bool>(value) ? "true" : "false";
  }
}

/// The calendar text of a second is made once per thread and second.
std::string_view calendar(std::int64_t second) {
  thread_local std::int64_t made_for = -1;
  thread_local std::array<char, 20> text{};
  if (made_for != second) {
    const auto time = static_cast<std::time_t>(second);
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    made_for = second;
  }
  return {text.data(), 19};
}

struct Instant {
  std::string_view second;
  std::array<char, 4> fraction;  // ".123"
};

Instant instant(WallTime time) {
  const auto since = time.time_since_epoch();
  const auto second = std::chrono::floor<std::chrono::seconds>(since);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since - second).count();
  return {calendar(second.count()),
          {'.', static_cast<char>('0' + ms / 100), static_cast<char>('0' + ms / 10 % 10),
           static_cast<char>('0' + ms % 10)}};
}

std::string_view colour_of(Level level) noexcept {
  switch (level) {
    case Level::trace:
    case Level::debug:
      return "\x1b[2m";
    case Level::info:
      return "\x1b[32m";
    case Level::warning:
      return "\x1b[33m";
    case Level::error:
      return "\x1b[31m";
    case Level::off:
      break;
  }
  return "";
}

std::string_view tag_of(Level level) noexcept {
  switch (level) {
    case Level::trace:
      return "TRACE";
    case Level::debug:
      return "DEBUG";
    case Level::info:
      return "INFO ";
    case Level::warning:
      return "WARN ";
    case Level::error:
      return "ERROR";
    case Level::off:
      break;
  }
  return "     ";
}

}  // namespace

std::string_view to_string(Level level) noexcept {
  switch (level) {
    case Level::trace:
      return "trace";
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
    case Level::off:
      break;
  }
  return "off";
}

void append_json_line(std::string& out, WallTime time, Level level, std::string_view message,
                      std::span<const Field> fields) {
  const Instant at = instant(time);
  out += R"({"time":")";
  out += at.second;
  out.append(at.fraction.data(), at.fraction.size());
  out += R"(Z","level":")";
  out += to_string(level);
  out += R"(","message":")";
  append_escaped(out, message);
  out += '"';
  for (const Field& field : fields) {
    out += ",\"";
    out += field.name;
    out += "\":";
    append_value(out, field.value, true);
  }
  out += "}\n";
}

void append_human_line(std::string& out, WallTime time, Level level, std::string_view message,
                       std::span<const Field> fields, bool colours) {
  const Instant at = instant(time);
  if (colours) out += dim;
  out += at.second.substr(11);
  out.append(at.fraction.data(), at.fraction.size());
  if (colours) out += plain;
  out += ' ';
  if (colours) out += colour_of(level);
  out += tag_of(level);
  if (colours) out += plain;
  out += ' ';
  append_escaped(out, message);
  if (!fields.empty()) out += ' ';
  for (const Field& field : fields) {
    out += ' ';
    if (colours) out += dim;
    out += field.name;
    out += '=';
    if (colours) out += plain;
    append_value(out, field.value, false);
  }
  out += '\n';
}

}  // namespace ballast::observe
