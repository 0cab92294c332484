#include "rest/functions.hpp"

#include <gtest/gtest.h>

#include "rest/test_functions.hpp"

namespace ballast::rest {
namespace {

const catalog::SnapshotPtr database = testing::snapshot_with_functions();

Result<const catalog::Function*> find(const std::string& name, std::vector<std::string> names,
                                      CallBody body = CallBody::none) {
  Passed passed;
  passed.names = std::move(names);
  passed.body = body;
  return find_function(*database, "public", name, passed);
}

TEST(FindFunction, TellsOverloadsApartByTheirArgumentsNames) {
  EXPECT_EQ((*find("add", {"a", "b"}))->returns.name, "integer");
  EXPECT_EQ((*find("add", {"a", "b", "c"}))->returns.name, "text");
}

TEST(FindFunction, DoesWithoutArgumentsThatHaveADefault) {
  EXPECT_TRUE(find("greet", {"name"}));
  EXPECT_TRUE(find("greet", {"loud", "name"}));
  EXPECT_FALSE(find("greet", {"loud"}));
}

TEST(FindFunction, SaysWhatItSearchedForAndWhatWasNear) {
  const auto found = find("add", {"a", "b", "d"});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().status, 404);
  EXPECT_EQ(found.error().code, "PGRST202");
  EXPECT_EQ(found.error().message, "Could not find the function public.add(a, b, d) in the schema cache");
  EXPECT_EQ(found.error().details,
            "Searched for the function public.add with parameters a, b, d, but no matches were found in the schema "
            "cache.");
  EXPECT_EQ(found.error().hint, "Perhaps you meant to call the function public.add(a, b, c)");
}

TEST(FindFunction, SuggestsAFunctionOfASimilarName) {
  const auto found = find("greeet", {"name"}, CallBody::json);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().details,
            "Searched for the function public.greeet with parameter name or with a single unnamed json/jsonb "
            "parameter, but no matches were found in the schema cache.");
  EXPECT_EQ(found.error().hint, "Perhaps you meant to call the function public.greet");
}

TEST(FindFunction, GivesTheWholeBodyToAnUnnamedArgumentOfItsType) {
  EXPECT_EQ((*find("store", {"x"}, CallBody::json))->arguments.front().type.name, "json");
  EXPECT_EQ((*find("store", {}, CallBody::bytes))->arguments.front().type.name, "bytea");
  const auto text = find("store", {}, CallBody::text);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().details,
            "Searched for the function public.store with a single unnamed text parameter, but no matches were found in "
            "the schema cache.");
  EXPECT_FALSE(find("store", {"x"}));
}

TEST(FindFunction, RefusesToChooseBetweenFunctionsWithTheSameNames) {
  const auto found = find("same", {"a"});
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().status, 300);
  EXPECT_EQ(found.error().code, "PGRST203");
  EXPECT_EQ(found.error().message,
            "Could not choose the best candidate function between: public.same(a => integer), public.same(a => text)");
}

TEST(AllowedMethods, OfAFunctionDependOnWhetherItMayChangeAnything) {
  EXPECT_EQ(allowed_methods(*database, "public", "add"), "OPTIONS,GET,HEAD,POST");
  EXPECT_EQ(allowed_methods(*database, "public", "change"), "OPTIONS,POST");
  EXPECT_EQ(allowed_methods(*database, "public", "unknown"), "");
}

}  // namespace
}  // namespace ballast::rest
