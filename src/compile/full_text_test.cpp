#include "compile/full_text.hpp"

#include <gtest/gtest.h>

namespace ballast::compile {
namespace {

using query::FullTextMode;

std::string match(FullTextMode mode, std::string_view text, std::string_view column = {}) {
  const auto query = to_fts5(mode, text, column);
  if (!query) return query.error().code;
  return (query->negated ? "all but " : "") + query->text;
}

TEST(FullText, TranslatesTsquery) {
  EXPECT_EQ(match(FullTextMode::fts, "fat"), R"("fat")");
  EXPECT_EQ(match(FullTextMode::fts, "fat & rat & cat"), R"("fat" AND "rat" AND "cat")");
  EXPECT_EQ(match(FullTextMode::fts, "fat & (rat | !cat)"), R"x("fat" NOT ("cat" NOT "rat"))x");
  EXPECT_EQ(match(FullTextMode::fts, "a|b&c"), R"x("a" OR ("b" AND "c"))x");
  EXPECT_EQ(match(FullTextMode::fts, "!a & !b"), R"(all but "a" OR "b")");
  EXPECT_EQ(match(FullTextMode::fts, "!!a"), R"("a")");
  EXPECT_EQ(match(FullTextMode::fts, "sup:* & 'two words':AB"), R"("sup" * AND "two words")");
  EXPECT_EQ(match(FullTextMode::fts, "fat <-> cat"), R"("fat" + "cat")");
}

TEST(FullText, RefusesTsqueriesWithMistakes) {
  for (const std::string_view text : {"fat cat", "fat &", "& fat", "(fat", "fat)", "'fat", "fat:", "fat:x", "!", "|"}) {
    EXPECT_EQ(match(FullTextMode::fts, text), "42601") << text;
  }
  EXPECT_EQ(match(FullTextMode::fts, "fat <2> cat"), "0A000");
  EXPECT_EQ(match(FullTextMode::fts, "fat <-> (a | b)"), "0A000");
  EXPECT_EQ(match(FullTextMode::fts, std::string(100'000, '!')), "42601");
}

TEST(FullText, QuotesEveryWord) {
  EXPECT_EQ(match(FullTextMode::plain, "fat OR NOT near(x)"), R"x("fat" AND "OR" AND "NOT" AND "near(x)")x");
  EXPECT_EQ(match(FullTextMode::plain, "say \"hi\""), R"("say" AND """hi""")");
  EXPECT_EQ(match(FullTextMode::phrase, "fat \"cat"), R"("fat ""cat")");
}

TEST(FullText, TranslatesWebSearches) {
  EXPECT_EQ(match(FullTextMode::web, "fat \"big cat\" or -rat dog"), R"x(("fat" AND "big cat") OR ("dog" NOT "rat"))x");
  EXPECT_EQ(match(FullTextMode::web, "-rat"), R"(all but "rat")");
  EXPECT_EQ(match(FullTextMode::web, "\"open"), R"("open")");
}

TEST(FullText, MatchesNothingWithoutAWord) {
  for (const std::string_view text : {"", "  ", "!!! ...", "-"}) {
    EXPECT_EQ(match(FullTextMode::plain, text), "\"\"") << text;
    EXPECT_EQ(match(FullTextMode::web, text), "\"\"") << text;
  }
  EXPECT_EQ(match(FullTextMode::fts, ""), "\"\"");
}

TEST(FullText, RestrictsToAColumn) {
  EXPECT_EQ(match(FullTextMode::plain, "a b", "my \"col"), R"x("my ""col" : ("a" AND "b"))x");
}

TEST(FullText, BoundsTheNumberOfWords) {
  std::string many;
  for (int i = 0; i < 201; ++i) many += "w ";
  EXPECT_EQ(match(FullTextMode::plain, many), "54000");
}

}  // namespace
}  // namespace ballast::compile
