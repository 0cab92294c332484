#include "base/word.hpp"

#include <gtest/gtest.h>

namespace ballast::word {
namespace {

TEST(Word, FindsAByteAtEveryPlaceAndNothingElse) {
  for (int value = 0; value < 256; ++value) {
    for (int place = 0; place < 8; ++place) {
      char bytes[] = "abcdefgh";
      bytes[place] = static_cast<char>(value);
      const std::uint64_t word = load(bytes);
      EXPECT_EQ(has_below(word, 0x20), value < 0x20) << value << " at " << place;
      EXPECT_EQ(has(word, '"'), value == '"') << value << " at " << place;
      EXPECT_EQ(has_high(word), value >= 0x80) << value << " at " << place;
    }
  }
}

}  // namespace
}  // namespace ballast::word
