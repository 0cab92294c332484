#include "rest/passed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::rest {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

Passed of_body(CallBody type, std::string body, std::optional<std::vector<std::string>> columns = {}) {
  auto passed = passed_in_body(type, std::move(body), columns, Settings{});
  return passed ? *std::move(passed) : Passed{};
}

TEST(PassedInQuery, TakesWhatIsNoFilterForAnArgument) {
  std::string filters;
  const auto passed = passed_in_query("id=5&id=not.gt.2&select=id&name=a.b&clients.id=3&x=in.(1,2)&limit=2", filters);
  ASSERT_TRUE(passed);
  EXPECT_THAT(passed->names, ElementsAre("id", "name"));
  EXPECT_THAT(passed->values, ElementsAre(Pair("id", "5"), Pair("name", "a.b")));
  EXPECT_EQ(filters, "id=not.gt.2&select=id&clients.id=3&x=in.(1,2)&limit=2");
}

TEST(PassedInQuery, KeepsEveryValueOfARepeatedName) {
  std::string filters;
  const auto passed = passed_in_query("v=hi&v=th%20ere", filters);
  EXPECT_THAT(passed->names, ElementsAre("v"));
  EXPECT_THAT(passed->values, ElementsAre(Pair("v", "hi"), Pair("v", "th ere")));
}

TEST(PassedInBody, NamesTheKeysOfAnObject) {
  const auto passed = of_body(CallBody::json, R"({"b": 1, "a": [2]})");
  EXPECT_THAT(passed.names, ElementsAre("a", "b"));
  EXPECT_EQ(passed.object, R"({"b": 1, "a": [2]})");
}

TEST(PassedInBody, TakesOnlyTheFirstObjectOfAnArray) {
  const auto passed = of_body(CallBody::json, R"([{"a": 1}, {"a": 2}])");
  EXPECT_THAT(passed.names, ElementsAre("a"));
  EXPECT_EQ(passed.object, R"({"a": 1})");
  EXPECT_EQ(passed.raw, R"([{"a": 1}, {"a": 2}])");
}

TEST(PassedInBody, PassesNothingInAnEmptyBodyOrOneThatIsNoObject) {
  EXPECT_THAT(of_body(CallBody::json, "").names, IsEmpty());
  EXPECT_EQ(of_body(CallBody::json, " ").raw, "{}");
  const auto number = of_body(CallBody::json, "[1, 2]");
  EXPECT_THAT(number.names, IsEmpty());
  EXPECT_EQ(number.raw, "[1, 2]");
}

TEST(PassedInBody, HeedsOnlyTheColumnsThatWereNamed) {
  const auto passed = of_body(CallBody::json, R"({"name": "x", "more": 1})", std::vector<std::string>{"name"});
  EXPECT_THAT(passed.names, ElementsAre("name"));
}

TEST(PassedInBody, ReadsAForm) {
  const auto passed = of_body(CallBody::form, "a=1&b=x%26y");
  EXPECT_THAT(passed.values, ElementsAre(Pair("a", "1"), Pair("b", "x&y")));
}

TEST(PassedInBody, ReadsTheFirstLineOfACsv) {
  const auto passed = of_body(CallBody::csv, "a,b\n1,2\n3,4");
  EXPECT_THAT(passed.names, ElementsAre("a", "b"));
  EXPECT_EQ(passed.object, R"({"a":"1","b":"2"})");
}

TEST(PassedInBody, TakesBytesAsTheyAre) {
  const std::string bytes("\xFF\0", 2);
  EXPECT_EQ(of_body(CallBody::bytes, bytes).raw, bytes);
  EXPECT_FALSE(passed_in_body(CallBody::text, bytes, {}, Settings{}));
}

TEST(PassedInBody, RefusesWhatIsNoJson) {
  const auto passed = passed_in_body(CallBody::json, "{\"a\":", {}, Settings{});
  ASSERT_FALSE(passed);
  EXPECT_EQ(passed.error().code, "PGRST102");
}

TEST(CallBody, KnowsBodiesThatAreOneArgument) {
  EXPECT_EQ(*call_body("text/plain; charset=utf-8"), CallBody::text);
  EXPECT_EQ(*call_body("application/octet-stream"), CallBody::bytes);
  EXPECT_EQ(*call_body(""), CallBody::json);
  EXPECT_FALSE(call_body("image/png"));
}

}  // namespace
}  // namespace ballast::rest
