#include "rest/preferences.hpp"

#include <gtest/gtest.h>

namespace ballast::rest {
namespace {

TEST(Preferences, AreFoundInAnyOrder) {
  const auto p = parse_preferences(
      "count=exact, return=representation,resolution=merge-duplicates , missing=default, max-affected=5");
  EXPECT_TRUE(p.representation());
  EXPECT_EQ(p.counting(), query::Count::exact);
  EXPECT_EQ(p.resolution, Preferences::Resolution::merge);
  EXPECT_EQ(p.missing, Preferences::Missing::default_);
  EXPECT_EQ(p.max_affected, 5);
  EXPECT_TRUE(p.unknown.empty());
}

TEST(Preferences, TheFirstOfAKindCounts) {
  EXPECT_EQ(parse_preferences("return=minimal, return=representation").wanted, Preferences::Return::minimal);
}

TEST(Preferences, UnknownOnesMatterOnlyWhenStrict) {
  EXPECT_TRUE(check_preferences(parse_preferences("something, else")).ok());
  EXPECT_TRUE(check_preferences(parse_preferences("handling=lenient, anything")).ok());
  auto refused = check_preferences(parse_preferences("handling=strict, something, else"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "PGRST122");
  EXPECT_EQ(refused.error().message, "Invalid preferences given with handling=strict");
  EXPECT_EQ(refused.error().details, "Invalid preferences: something, else");
}

TEST(Preferences, MalformedNumbersAreUnknown) {
  EXPECT_EQ(parse_preferences("max-affected=x").unknown, std::vector<std::string>{"max-affected=x"});
  EXPECT_EQ(parse_preferences("max-affected=-1").unknown.size(), 1U);
}

TEST(Preferences, AreConfirmedInPostgrestsOrder) {
  const auto p = parse_preferences(
      "tx=commit, count=exact, return=representation, missing=default, resolution=merge-duplicates, handling=strict, max-affected=3");
  EXPECT_EQ(
      preference_applied(p, {true, true, true, true, true}),
      "resolution=merge-duplicates, missing=default, return=representation, count=exact, tx=commit, handling=strict, max-affected=3");
  EXPECT_EQ(preference_applied(p, {}), "count=exact, handling=strict");
  EXPECT_EQ(preference_applied(parse_preferences("count=none"), {}), "");
}

TEST(Preferences, TakesATimeZoneAsItIsSpelt) {
  const auto preferences = parse_preferences("timezone=America/Los_Angeles, handling=strict");
  EXPECT_EQ(preferences.timezone, "America/Los_Angeles");
  EXPECT_TRUE(check_preferences(preferences).ok());
  Heeded heeded;
  EXPECT_EQ(preference_applied(preferences, heeded), "handling=strict");
  heeded.timezone = true;
  EXPECT_EQ(preference_applied(preferences, heeded), "handling=strict, timezone=America/Los_Angeles");
}

}  // namespace
}  // namespace ballast::rest
