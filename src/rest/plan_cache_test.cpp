#include "rest/plan_cache.hpp"

#include <gtest/gtest.h>

#include "rest/test_catalog.hpp"

namespace ballast::rest {
namespace {

std::string key(std::string_view path, std::string_view query, std::string_view accept = {},
                std::string_view role = "anon") {
  http::Request request;
  request.path = path;
  request.query = query;
  request.principal.role = std::string(role);
  if (!accept.empty()) request.headers.add("Accept", accept);
  std::string made;
  shape_key(request, RequestHeaders(request), true, made);
  return made;
}

TEST(ShapeKey, LeavesOutValuesThatAreOnlyBound) {
  EXPECT_EQ(key("/a", "id=eq.1&name=not.like.x*"), key("/a", "id=eq.22&name=not.like.yy*"));
}

TEST(ShapeKey, KeepsEverythingElse) {
  const std::string base = key("/a", "id=eq.1");
  EXPECT_NE(base, key("/b", "id=eq.1"));
  EXPECT_NE(base, key("/a", "id=gt.1"));
  EXPECT_NE(base, key("/a", "id=not.eq.1"));
  EXPECT_NE(base, key("/a", "di=eq.1"));
  EXPECT_NE(base, key("/a", "id=eq.1", "text/csv"));
  EXPECT_NE(base, key("/a", "id=eq.1", "", "admin"));
  EXPECT_NE(key("/a", "id=in.(1)"), key("/a", "id=in.(2)"));
  EXPECT_NE(key("/a", "limit=1"), key("/a", "limit=2"));
  EXPECT_NE(key("/a", "select=id"), key("/a", "select=name"));
}

TEST(ShapeKey, IsOneForAllCallersWherePlansDoNotDependOnThem) {
  const auto shared = [](std::string_view role) {
    http::Request request;
    request.path = "/a";
    request.principal.role = role;
    std::string made;
    shape_key(request, RequestHeaders(request), false, made);
    return made;
  };
  EXPECT_EQ(shared("anon"), shared("admin"));
}

TEST(ShapeKey, CannotBeForgedFromValues) {
  EXPECT_NE(key("/a", "id=eq.1&x=is.null"), key("/a", "id=eq.1%26x=is.null"));
  EXPECT_NE(key("/a", "id=eq.1", "x"), key("/a", "id=eq.1x"));
}

TEST(PlanCache, ForgetsWhatWasNotUsedForLongest) {
  PlanCache cache(2);
  const auto a = std::make_shared<ReadPlan>();
  cache.insert("a", a);
  cache.insert("b", std::make_shared<ReadPlan>());
  EXPECT_EQ(cache.find("a"), a);
  cache.insert("c", std::make_shared<ReadPlan>());
  EXPECT_EQ(cache.size(), 2U);
  EXPECT_EQ(cache.find("a"), a);
  EXPECT_EQ(cache.find("b"), nullptr);
}

TEST(PlanCache, ReplacesAPlanOfTheSameShape) {
  PlanCache cache(2);
  cache.insert("a", std::make_shared<ReadPlan>());
  const auto newer = std::make_shared<ReadPlan>();
  cache.insert("a", newer);
  EXPECT_EQ(cache.size(), 1U);
  EXPECT_EQ(cache.find("a"), newer);
}

TEST(PlanCache, ForgetsEverythingWhenTheCatalogOrTheRulesChange) {
  PlanCache cache(2);
  const auto snapshot = testing::snapshot();
  const auto rules = std::make_shared<const policy::Rules>();
  cache.renew(snapshot, rules);
  cache.insert("a", std::make_shared<ReadPlan>());
  cache.renew(snapshot, rules);
  EXPECT_EQ(cache.size(), 1U);
  cache.renew(testing::snapshot(), rules);
  EXPECT_EQ(cache.size(), 0U);
  cache.insert("a", std::make_shared<ReadPlan>());
  cache.renew(snapshot, std::make_shared<const policy::Rules>());
  EXPECT_EQ(cache.find("a"), nullptr);
}

TEST(ReadPlan, IsReusableOnlyWhenEveryValueHasAPlace) {
  compile::Plan plan;
  plan.statements.resize(1);
  EXPECT_TRUE(rebindable(plan, 0));
  EXPECT_FALSE(rebindable(plan, 1));
  plan.slots.push_back({0, 0, query::Op::eq, {}});
  EXPECT_TRUE(rebindable(plan, 1));
  EXPECT_FALSE(rebindable(plan, 2));
}

}  // namespace
}  // namespace ballast::rest
