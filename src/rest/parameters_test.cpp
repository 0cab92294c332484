#include "rest/parameters.hpp"

#include <gtest/gtest.h>

namespace ballast::rest {
namespace {

Parameters parsed(std::string_view query) {
  auto parameters = parse_parameters(query, Settings{});
  EXPECT_TRUE(parameters.ok()) << query << ": " << (parameters.ok() ? "" : parameters.error().message);
  return parameters.ok() ? std::move(parameters).value() : Parameters{};
}

TEST(Parameters, SelectEverythingUnlessTold) {
  EXPECT_TRUE(std::holds_alternative<SelectStar>(parsed("").select.front().node));
  EXPECT_TRUE(std::holds_alternative<SelectStar>(parsed("select=").select.front().node));
}

TEST(Parameters, DecodePercentAndPlus) {
  const auto p = parsed("Just%20A+Name=like.%2A91%2A&name=eq.a+b%2Bc");
  EXPECT_EQ(p.filters[0].value.field.name, "Just A Name");
  EXPECT_EQ(std::get<Comparison>(p.filters[0].value.condition.operation).value, "*91*");
  EXPECT_EQ(std::get<Comparison>(p.filters[1].value.condition.operation).value, "a b+c");
}

TEST(Parameters, FindTheirEmbedByPath) {
  const auto p =
      parsed("a.b.id=eq.1&a.order=id.desc&a.limit=3&a.b.offset=2&a.or=(x.eq.1)&a.not.and=(y.eq.2)&a.data->>k=eq.v");
  EXPECT_EQ(p.filters[0].path, (EmbedPath{"a", "b"}));
  EXPECT_EQ(p.filters[0].value.field.name, "id");
  EXPECT_EQ(p.orders[0].path, EmbedPath{"a"});
  EXPECT_EQ(p.limits[0].path, EmbedPath{"a"});
  EXPECT_EQ(p.offsets[0].path, (EmbedPath{"a", "b"}));
  EXPECT_EQ(p.logic[0].path, EmbedPath{"a"});
  EXPECT_TRUE(std::get<Logic::Group>(p.logic[1].value.node).negated);
  EXPECT_EQ(p.filters[1].path, EmbedPath{"a"});
  EXPECT_EQ(p.filters[1].value.field.path.size(), 1U);
}

TEST(Parameters, QuotedColumnsMayHoldDots) {
  const auto p = parsed("%22a.b%22=eq.1");
  EXPECT_TRUE(p.filters[0].path.empty());
  EXPECT_EQ(p.filters[0].value.field.name, "a.b");
}

TEST(Parameters, TakeColumnsAndOnConflict) {
  const auto p = parsed("columns=id,%22full%20name%22,id&on_conflict=a,b");
  EXPECT_EQ(p.columns, (std::vector<std::string>{"id", "full name"}));
  EXPECT_EQ(p.on_conflict, (std::vector<std::string>{"a", "b"}));
}

TEST(Parameters, RefuseInvalidUtf8) {
  const auto parameters = parse_parameters("name=eq.%FF", Settings{});
  ASSERT_FALSE(parameters.ok());
  EXPECT_EQ(parameters.error().status, 400);
  EXPECT_EQ(parameters.error().message, "the query string's value is not valid UTF-8");
}

TEST(Parameters, RefuseEmptyValuesWhereOneIsNeeded) {
  for (const auto* query : {"id=", "order=", "limit=", "offset=", "or=", "and", "on_conflict=", "=eq.1"}) {
    EXPECT_EQ(parse_parameters(query, Settings{}).error().code, "PGRST100") << query;
  }
}

TEST(Parameters, RefuseTooManyFilters) {
  Settings settings;
  settings.filters = 2;
  EXPECT_EQ(parse_parameters("a=eq.1&b=eq.1&c=eq.1", settings).error().code, "PGRST100");
}

TEST(Parameters, NumberBoundValuesInOrder) {
  const auto p = parsed("select=id&a=eq.1&b=in.(1,2)&or=(c.eq.3)&d=not.lt.4&%65=eq.5");
  EXPECT_EQ(p.slots, 2);
  EXPECT_EQ(std::get<Comparison>(p.filters[0].value.condition.operation).slot, 0);
  EXPECT_EQ(std::get<Comparison>(p.filters[2].value.condition.operation).slot, 1);
  EXPECT_EQ(std::get<Comparison>(p.filters[3].value.condition.operation).slot, -1);
}

TEST(Parameters, DoNotTakeReservedNamesForColumns) {
  EXPECT_EQ(bindable_value({"order", "eq.1"}), std::string_view::npos);
  EXPECT_EQ(bindable_value({"a.limit", "eq.1"}), std::string_view::npos);
  EXPECT_EQ(bindable_value({"border", "eq.1"}), 3U);
  EXPECT_EQ(bindable_value({"a.id", "eq.1"}), 3U);
}

}  // namespace
}  // namespace ballast::rest
