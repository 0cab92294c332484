#include "http/entity_tag.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::http {
namespace {

using ::testing::ElementsAre;

TEST(EntityTag, IsReadFromLists) {
  EXPECT_THAT(parse_tag_list(R"("a")")->tags, ElementsAre(EntityTag{"a", false}));
  EXPECT_THAT(parse_tag_list(R"( , "a,b" ,W/"c", "")")->tags,
              ElementsAre(EntityTag{"a,b", false}, EntityTag{"c", true}, EntityTag{"", false}));
  EXPECT_TRUE(parse_tag_list(" * ")->any);
}

TEST(EntityTag, IsRefusedWhereItIsNone) {
  for (const auto* text :
       {"", ",", "a", R"("a)", R"("a" "b")", R"(w/"a")", R"("a b")", R"("a", *)", "W/*", "\"a\x7F\""}) {
    EXPECT_FALSE(parse_tag_list(text)) << text;
  }
}

TEST(EntityTag, NamesTheContentCodingUnlessItIsWeak) {
  EXPECT_EQ(coded_tag(R"("7")", "gzip"), R"("7.gzip")");
  EXPECT_EQ(coded_tag(R"(W/"7")", "gzip"), R"(W/"7")");
}

TEST(EntityTag, IsFoundInAListWhateverItsStrengthAndCoding) {
  EXPECT_TRUE(lists(*parse_tag_list(R"("x", "7")"), "7"));
  EXPECT_TRUE(lists(*parse_tag_list(R"(W/"7")"), "7"));
  EXPECT_TRUE(lists(*parse_tag_list(R"("7.zstd")"), "7"));
  EXPECT_TRUE(lists(*parse_tag_list("*"), "7"));
  EXPECT_FALSE(lists(*parse_tag_list(R"("7.other", "77", "")"), "7"));
}

}  // namespace
}  // namespace ballast::http
