#include "http/request.hpp"

#include <gtest/gtest.h>

namespace ballast::http {
namespace {

TEST(PercentDecode, DecodesBothCasesOfHexadecimal) { EXPECT_EQ(percent_decode("a%2fb%2Fc", false), "a/b/c"); }

TEST(PercentDecode, LeavesPlusAloneUnlessItIsAForm) {
  EXPECT_EQ(percent_decode("a+b%2B", false), "a+b+");
  EXPECT_EQ(percent_decode("a+b%2B", true), "a b+");
}

TEST(PercentDecode, RefusesWhatIsCutOrNoDigit) {
  for (const char* text : {"%", "%2", "a%", "%g0", "%0g", "%%41"}) EXPECT_EQ(percent_decode(text, true), std::nullopt);
}

TEST(PercentDecode, RefusesNul) {
  EXPECT_EQ(percent_decode("a%00", false), std::nullopt);
  EXPECT_EQ(percent_decode(std::string_view("a\0b", 3), false), std::nullopt);
}

TEST(PercentDecode, DecodesOnce) { EXPECT_EQ(percent_decode("%2541", false), "%41"); }

TEST(PercentDecode, PassesEveryOtherByteThrough) { EXPECT_EQ(percent_decode("%ff\xc3\xa9", false), "\xff\xc3\xa9"); }

}  // namespace
}  // namespace ballast::http
