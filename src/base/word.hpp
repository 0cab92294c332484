#pragma once

#include <cstdint>
#include <cstring>

/// Eight bytes looked at in one go, to get over text that holds nothing special. The tests say whether a word has such
/// a byte, not where (Warren, Hacker's Delight, 6-1).
namespace ballast::word {

constexpr std::uint64_t all(unsigned char byte) noexcept { return 0x0101010101010101ULL * byte; }

/// Eight bytes must be there.
inline std::uint64_t load(const char* from) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

/// Some byte is below `limit`, which is 128 at most.
constexpr bool has_below(std::uint64_t word, unsigned char limit) noexcept {
  return ((word - all(limit)) & ~word & all(0x80)) != 0;
}
constexpr bool has(std::uint64_t word, unsigned char byte) noexcept { return has_below(word ^ all(byte), 1); }
constexpr bool has_high(std::uint64_t word) noexcept { return (word & all(0x80)) != 0; }

}  // namespace ballast::word
