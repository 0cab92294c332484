#include "config/value.hpp"

#include <array>
#include <limits>
#include <optional>
#include <utility>

namespace ballast::config {
namespace {

constexpr std::int64_t max_value = std::numeric_limits<std::int64_t>::max();

Error expected(std::string_view what) { return make_error(400, "BLST_SETTING", "expected " + std::string(what)); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes digits off the front of `text`; nothing when there are none or they overflow.
std::optional<std::int64_t> take_digits(std::string_view& text) {
  std::int64_t value = 0;
  std::size_t at = 0;
  for (; at < text.size() && (is_digit(text[at]) || (at > 0 && text[at] == '_')); ++at) {
    if (text[at] == '_') continue;
    const int digit = text[at] - '0';
    if (value > (max_value - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  if (at == 0 || text[at - 1] == '_') return std::nullopt;
  text.remove_prefix(at);
  return value;
}

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

// Largest first, so that printing uses the largest unit that fits; "ms" is looked up before "m" by exact match.
constexpr std::array<Unit, 7> duration_units = {{{"d", 86'400'000'000'000},
                                                 {"h", 3'600'000'000'000},
                                                 {"m", 60'000'000'000},
                                                 {"s", 1'000'000'000},
                                                 {"ms", 1'000'000},
                                                 {"us", 1'000},
                                                 {"ns", 1}}};

constexpr std::array<Unit, 9> size_units = {{{"TiB", 1LL << 40},
                                             {"GiB", 1LL << 30},
                                             {"MiB", 1LL << 20},
                                             {"KiB", 1LL << 10},
                                             {"TB", 1'000'000'000'000},
                                             {"GB", 1'000'000'000},
                                             {"MB", 1'000'000},
                                             {"KB", 1'000},
                                             {"B", 1}}};

template <std::size_t N>
const Unit* find_unit(const std::array<Unit, N>& units, std::string_view name) {
  for (const auto& unit : units) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

Result<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  const auto bad = [] { return expected("a duration such as \"30s\", \"250ms\" or \"1h30m\""); };
  if (text == "0") return std::chrono::nanoseconds(0);
  if (text.empty()) return bad();
  std::int64_t total = 0;
  while (!text.empty()) {
    const auto number = take_digits(text);
    if (!number) return bad();
    std::size_t end = 0;
    while (end < text.size() && !is_digit(text[end])) ++end;
    const Unit* unit = find_unit(duration_units, text.substr(0, end));
    if (unit == nullptr || *number > (max_value - total) / unit->factor) return bad();
    total += *number * unit->factor;
    text.remove_prefix(end);
  }
  return std::chrono::nanoseconds(total);
}

std::string print_duration(std::chrono::nanoseconds value) {
  auto rest = value.count();
  if (rest <= 0) return "0s";
  std::string out;
  for (const auto& unit : duration_units) {
    if (rest >= unit.factor) out += std::to_string(rest / unit.factor) + std::string(unit.name);
    rest %= unit.factor;
  }
  return out;
}

Result<std::int64_t> parse_size(std::string_view text) {
  const auto bad = [] { return expected("a size such as \"64KiB\", \"1MiB\" or a number of bytes"); };
  const auto number = take_digits(text);
  if (!number) return bad();
  text = trim(text);
  if (text.empty()) return *number;
  const Unit* unit = find_unit(size_units, text);
  if (unit == nullptr || *number > max_value / unit->factor) return bad();
  return *number * unit->factor;
}

std::string print_size(std::int64_t bytes) {
  for (std::size_t i = 0; i < 4; ++i) {
    if (bytes != 0 && bytes % size_units[i].factor == 0) {
      return std::to_string(bytes / size_units[i].factor) + std::string(size_units[i].name);
    }
  }
  return std::to_string(bytes);
}

Result<bool> parse_bool(std::string_view text) {
  if (text == "true" || text == "on" || text == "yes" || text == "1") return true;
  if (text == "false" || text == "off" || text == "no" || text == "0") return false;
  return expected("true or false");
}

Result<std::int64_t> parse_integer(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto number = take_digits(text);
  if (!number || !text.empty()) return expected("a whole number");
  return negative ? -*number : *number;
}

std::vector<std::string> parse_list(std::string_view text) {
  std::vector<std::string> items;
  while (true) {
    const auto comma = text.find(',');
    const auto item = trim(text.substr(0, comma));
    if (!item.empty()) items.emplace_back(item);
    if (comma == std::string_view::npos) return items;
    text.remove_prefix(comma + 1);
  }
}

std::string print_list(const std::vector<std::string>& items) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += ',';
    out += item;
  }
  return out;
}

}  // namespace ballast::config
