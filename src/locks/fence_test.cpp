#include "locks/fence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::locks {
namespace {

using testing::HasSubstr;

std::string refusal(std::string_view field) {
  const auto fence = parse_fence(field, 16);
  EXPECT_FALSE(fence) << field;
  if (fence) return {};
  EXPECT_EQ(fence.error().code, "BLST810");
  EXPECT_EQ(fence.error().status, 400);
  return fence.error().message;
}

void expect(std::string_view field, const Fence& expected) {
  const auto fence = parse_fence(field, 16);
  ASSERT_TRUE(fence) << field << ": " << fence.error().message;
  EXPECT_EQ(*fence, expected) << field;
}

TEST(Fence, IsANameWithAToken) {
  expect("seat-12A;token=42", {"seat-12A", 42});
  expect("  orders/17 ;  token=0007  ", {"orders/17", 7});
  expect("12A;token=9223372036854775807", {"12A", 9223372036854775807});
}

TEST(Fence, QuotesNamesThatAreNoTokens) {
  expect(R"("a;b=c";token=1)", {"a;b=c", 1});
  expect(R"("say\"\\\"" ; token=1)", {R"(say"\")", 1});
}

TEST(Fence, SaysWhatWasExpectedWhere) {
  EXPECT_THAT(refusal(""), HasSubstr("1 to 16 visible ASCII characters at position 1"));
  EXPECT_THAT(refusal("a"), HasSubstr("';' at position 2"));
  EXPECT_THAT(refusal("a;tokens=1"), HasSubstr("token= at position 3"));
  EXPECT_THAT(refusal("a;token="), HasSubstr("a token from 1 to 2^63-1 at position 9"));
  EXPECT_THAT(refusal("a;token=0"), HasSubstr("from 1"));
  EXPECT_THAT(refusal("a;token=-1"), HasSubstr("from 1"));
  EXPECT_THAT(refusal("a;token=9223372036854775808"), HasSubstr("from 1"));
  EXPECT_THAT(refusal("a;token=1;x=2"), HasSubstr("the end at position 10"));
  EXPECT_THAT(refusal("a;token=1, b;token=2"), HasSubstr("the end"));
  EXPECT_THAT(refusal("\"a;token=1"), HasSubstr("closing quote"));
  EXPECT_THAT(refusal(R"("a\b";token=1)"), HasSubstr(R"(\" or \\)"));
}

TEST(Fence, BoundsItsName) {
  expect("0123456789abcdef;token=1", {"0123456789abcdef", 1});
  EXPECT_THAT(refusal("0123456789abcdefg;token=1"), HasSubstr("1 to 16"));
  EXPECT_THAT(refusal("\"a b\";token=1"), HasSubstr("visible"));
  EXPECT_THAT(refusal("\"\";token=1"), HasSubstr("visible"));
  EXPECT_THAT(refusal("\"\xc3\xa9\";token=1"), HasSubstr("visible"));
}

TEST(Fence, ThatFailsSaysThatNothingWasChanged) {
  const Error error = fence_failed({"seat", 42});
  EXPECT_EQ(error.status, 412);
  EXPECT_THAT(error.message, HasSubstr("\"seat\" with the token 42 is not current; nothing was changed"));
}

}  // namespace
}  // namespace ballast::locks
