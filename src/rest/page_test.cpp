#include "rest/page.hpp"

#include <gtest/gtest.h>

namespace ballast::rest {
namespace {

TEST(Page, TakesLimitsAndOffsets) {
  EXPECT_EQ(parse_limit("0").value(), 0U);
  EXPECT_EQ(parse_offset("15").value(), 15U);
  EXPECT_EQ(parse_limit("99999999999999999999").value(), static_cast<std::uint64_t>(INT64_MAX));
}

TEST(Page, RefusesNegativeLimitsAsPostgrestDoes) {
  const auto limit = parse_limit("-1");
  ASSERT_FALSE(limit.ok());
  EXPECT_EQ(limit.error().status, 416);
  EXPECT_EQ(limit.error().code, "PGRST103");
  EXPECT_EQ(limit.error().details, "Limit should be greater than or equal to zero.");
}

TEST(Page, RefusesWhatIsNoInteger) {
  for (const auto* text : {"", "x", "1x", "1.5", "-", " 1"})
    EXPECT_EQ(parse_limit(text).error().code, "PGRST100") << text;
}

TEST(Page, TakesRangesInItems) {
  EXPECT_EQ(parse_range("0-9").value(), (Page{0, 10}));
  EXPECT_EQ(parse_range("5-").value(), (Page{5, std::nullopt}));
  EXPECT_EQ(parse_range("3-3").value(), (Page{3, 1}));
}

TEST(Page, IgnoresRangesOfOtherUnits) {
  for (const auto* text : {"bytes=0-1", "-5", "a-b", "1-2-3", ""}) EXPECT_EQ(parse_range(text).value(), Page{}) << text;
}

TEST(Page, RefusesARangeThatEndsBeforeItStarts) {
  EXPECT_EQ(parse_range("1-0").error().details,
            "The lower boundary must be lower than or equal to the upper boundary in the Range header.");
}

TEST(Page, IntersectsLimitAndRange) {
  EXPECT_EQ(intersection({0, 5}, {2, 10}), (Page{2, 3}));
  EXPECT_EQ(intersection({0, std::nullopt}, {2, 10}), (Page{2, 10}));
  EXPECT_EQ(intersection({20, 5}, {0, 10}), (Page{20, 0}));
  EXPECT_EQ(intersection({7, std::nullopt}, {}), (Page{7, std::nullopt}));
  EXPECT_EQ(intersection({1, static_cast<std::uint64_t>(INT64_MAX)}, {1, 2}), (Page{1, 2}));
}

}  // namespace
}  // namespace ballast::rest
