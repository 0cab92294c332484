#include "graphql/inflection.hpp"

#include <gtest/gtest.h>

namespace ballast::graphql {
namespace {

TEST(Inflection, MakesNamesOfSnakeCase) {
  EXPECT_EQ(pascal_case("account_holder"), "AccountHolder");
  EXPECT_EQ(camel_case("account_holder"), "accountHolder");
  EXPECT_EQ(camel_case("name_with_underscore"), "nameWithUnderscore");
  EXPECT_EQ(camel_case("col_1"), "col1");
  EXPECT_EQ(camel_case("__a__b_"), "aB");
}

TEST(Inflection, KeepsLettersThatAreUpperCase) {
  EXPECT_EQ(pascal_case("EmailAddress"), "EmailAddress");
  EXPECT_EQ(camel_case("isPrimary"), "isPrimary");
  EXPECT_EQ(camel_case("some_URL"), "someURL");
}

TEST(Inflection, LeavesNamesAloneWhenItIsOff) {
  EXPECT_EQ(type_name("account_holder", false), "account_holder");
  EXPECT_EQ(field_name("created_at", false), "created_at");
  EXPECT_EQ(type_name("account_holder", true), "AccountHolder");
  EXPECT_EQ(field_name("created_at", true), "createdAt");
}

TEST(Inflection, DropsTheUnderscoreOfFunctionsOverRows) {
  EXPECT_EQ(function_field_name("_full_name", false), "full_name");
  EXPECT_EQ(function_field_name("_full_name", true), "fullName");
  EXPECT_EQ(function_field_name("bar", true), "bar");
}

TEST(Inflection, NamesOneRowAfterItsColumn) {
  EXPECT_EQ(to_one_field_name({"owner_id"}, "Account", true), "owner");
  EXPECT_EQ(to_one_field_name({"blog_owner_id"}, "Account", true), "blogOwner");
  EXPECT_EQ(to_one_field_name({"blog_owner_id"}, "account", false), "blog_owner");
  EXPECT_EQ(to_one_field_name({"accountId"}, "Account", false), "account");
}

TEST(Inflection, NamesOneRowAfterItsTypeOtherwise) {
  EXPECT_EQ(to_one_field_name({"owner"}, "AccountHolder", true), "accountHolder");
  EXPECT_EQ(to_one_field_name({"_id"}, "Account", true), "account");
  EXPECT_EQ(to_one_field_name({"a_id", "b_id"}, "Account", true), "account");
}

TEST(Inflection, KnowsWhichNamesAreValid) {
  for (const auto* const name : {"a", "_", "_a1", "Abc"}) EXPECT_TRUE(is_valid_name(name)) << name;
  for (const auto* const name : {"", "1a", "a-b", "a b", "__a", "é"}) EXPECT_FALSE(is_valid_name(name)) << name;
}

}  // namespace
}  // namespace ballast::graphql
