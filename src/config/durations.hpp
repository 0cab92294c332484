#pragma once

#include <cstdint>

/// In the nanoseconds that bounds of settings are given in.
namespace ballast::config {

constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int64_t second = 1'000 * millisecond;
constexpr std::int64_t hour = 3'600 * second;
constexpr std::int64_t day = 24 * hour;

}  // namespace ballast::config
