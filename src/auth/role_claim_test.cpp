#include "auth/role_claim.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::auth {
namespace {

std::string role(std::string_view path, std::string_view claims) {
  const auto claim = RoleClaim::parse(path);
  return claim ? claim->find(claims) : claim.error().message;
}

TEST(RoleClaim, FollowsKeysAndIndexes) {
  EXPECT_EQ(role(".role", R"({"role":"a"})"), "a");
  EXPECT_EQ(role("$.role", R"({"role":"a"})"), "a");
  EXPECT_EQ(role(".postgrest.roles[1]", R"({"postgrest":{"roles":["other","author"]}})"), "author");
  EXPECT_EQ(role(R"(."https://www.example.com/role".key)", R"({"https://www.example.com/role":{"key":"author"}})"),
            "author");
}

TEST(RoleClaim, FiltersArrays) {
  const char* claims = R"({"roles":["other",7,"author"]})";
  EXPECT_EQ(role(R"(.roles[?(@ == "author")])", claims), "author");
  EXPECT_EQ(role(R"(.roles[?(@ != "other")])", claims), "author");
  EXPECT_EQ(role(R"(.roles[?(@ ^== "aut")])", claims), "author");
  EXPECT_EQ(role(R"(.roles[?(@ ==^ "hor")])", claims), "author");
  EXPECT_EQ(role(R"(.roles[?(@ *== "utho")])", claims), "author");
  EXPECT_EQ(role(R"(.roles[?(@ == "nobody")])", claims), "");
}

TEST(RoleClaim, SlicesTheRole) {
  const char* claims = R"({"groups":["/groupa","/grüpb/"]})";
  EXPECT_EQ(role(".groups[0][1:]", claims), "groupa");
  EXPECT_EQ(role(".groups[1][1:-1]", claims), "grüpb");
  EXPECT_EQ(role(".groups[0][:]", claims), "/groupa");
  EXPECT_EQ(role(".groups[0][5:2]", claims), "");
  EXPECT_EQ(role(".groups[0][-99:99]", claims), "/groupa");
}

TEST(RoleClaim, IsEmptyWhenTheClaimIsMissingOrNoScalar) {
  for (const char* claims : {"{}", R"({"role":null})", R"({"role":{}})", R"({"role":["a"]})"}) {
    EXPECT_EQ(role(".role", claims), "") << claims;
  }
  EXPECT_EQ(role(".role[0]", R"({"role":"a"})"), "");
}

TEST(RoleClaim, TakesOtherScalarsAsWritten) { EXPECT_EQ(role(".role", R"({"role":7})"), "7"); }

TEST(RoleClaim, SaysWhereAPathIsWrong) {
  using testing::HasSubstr;
  EXPECT_THAT(role("role", "{}"), HasSubstr("expected '.' or '[' at character 1"));
  EXPECT_THAT(role(".", "{}"), HasSubstr("expected a key at character 2"));
  EXPECT_THAT(role(".a[", "{}"), HasSubstr("expected an index"));
  EXPECT_THAT(role(".a[1:2].b", "{}"), HasSubstr("the end behind a slice"));
  EXPECT_THAT(role(R"(.a[?(@ ~ "x")])", "{}"), HasSubstr("expected ==, !="));
  EXPECT_THAT(role(R"(."a)", "{}"), HasSubstr("closing"));
}

}  // namespace
}  // namespace ballast::auth
