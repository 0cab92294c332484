#include "config/value.hpp"

#include <gtest/gtest.h>

namespace ballast::config {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

TEST(Duration, ReadsUnitsAloneAndTogether) {
  EXPECT_EQ(parse_duration("30s").value(), milliseconds(30'000));
  EXPECT_EQ(parse_duration("250ms").value(), milliseconds(250));
  EXPECT_EQ(parse_duration("1h30m").value(), milliseconds(5'400'000));
  EXPECT_EQ(parse_duration("0").value(), nanoseconds(0));
}

TEST(Duration, RefusesWhatHasNoUnitOrOverflows) {
  for (const auto* text : {"", "30", "s", "30 s", "1.5s", "-1s", "30x", "9223372036854775807d", "1_s"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Duration, PrintsWhatItReads) {
  for (const auto* text : {"1m30s", "250ms", "1d", "1h", "1s1ns"}) {
    EXPECT_EQ(print_duration(parse_duration(text).value()), text);
  }
  EXPECT_EQ(print_duration(nanoseconds(0)), "0s");
}

TEST(Size, TellsUnitsOf1024AndOf1000Apart) {
  EXPECT_EQ(parse_size("1KiB").value(), 1024);
  EXPECT_EQ(parse_size("1KB").value(), 1000);
  EXPECT_EQ(parse_size("17").value(), 17);
  EXPECT_EQ(parse_size("4 MiB").value(), 4 << 20);
}

TEST(Size, RefusesUnknownUnitsAndOverflow) {
  for (const auto* text : {"", "MiB", "1M", "1mib", "1.5MiB", "-1", "9999999999TiB"})
    EXPECT_FALSE(parse_size(text)) << text;
}

TEST(Size, PrintsTheLargestUnitThatFits) {
  EXPECT_EQ(print_size(1 << 20), "1MiB");
  EXPECT_EQ(print_size(1025), "1025");
  EXPECT_EQ(print_size(0), "0");
}

TEST(Integer, ReadsSignsAndRefusesOverflow) {
  EXPECT_EQ(parse_integer("-12").value(), -12);
  EXPECT_EQ(parse_integer("10_000").value(), 10'000);
  EXPECT_FALSE(parse_integer("9223372036854775808"));
  EXPECT_FALSE(parse_integer("1 "));
}

TEST(List, DropsBlanksAndEmptyItems) {
  EXPECT_EQ(parse_list(" a, b ,,c"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(parse_list("").empty());
}

}  // namespace
}  // namespace ballast::config
