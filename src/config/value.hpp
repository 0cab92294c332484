#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// The text forms of setting values. Errors say only what was expected ("expected a duration such as \"30s\""); the
/// loader adds the place and the value found there.
namespace ballast::config {

/// duration ::= ( digits unit )+ | "0"      unit ::= "ns" | "us" | "ms" | "s" | "m" | "h" | "d"
Result<std::chrono::nanoseconds> parse_duration(std::string_view text);
/// The shortest text that `parse_duration` reads back: "1m30s", "250ms", "0s".
std::string print_duration(std::chrono::nanoseconds value);

/// size ::= digits [ "B" | "KiB" | "MiB" | "GiB" | "TiB" | "KB" | "MB" | "GB" | "TB" ]
/// Units of 1024 (KiB) and of 1000 (KB) are told apart; no unit means bytes.
Result<std::int64_t> parse_size(std::string_view text);
std::string print_size(std::int64_t bytes);

/// "true" | "false" | "on" | "off" | "yes" | "no" | "1" | "0"
Result<bool> parse_bool(std::string_view text);

/// [ "-" ] digits, within 64 bits; `_` may stand between digits.
Result<std::int64_t> parse_integer(std::string_view text);

/// Items apart by commas, blanks around them dropped; empty items are left out.
std::vector<std::string> parse_list(std::string_view text);
std::string print_list(const std::vector<std::string>& items);

}  // namespace ballast::config
