#include "rest/logic.hpp"

#include <gtest/gtest.h>

namespace ballast::rest {
namespace {

/// `or(a=eq.1,not.and(…))`, values in quotes: a short text to compare trees by.
std::string print(const Logic& logic) {
  if (const auto* filter = std::get_if<Filter>(&logic.node)) {
    std::string text = filter->condition.negated ? "!" : "";
    text += filter->field.name;
    if (const auto* comparison = std::get_if<Comparison>(&filter->condition.operation))
      return text + "'" + comparison->value + "'";
    if (const auto* list = std::get_if<InList>(&filter->condition.operation)) {
      for (const auto& value : list->values) text += "'" + value + "'";
    }
    if (const auto* match = std::get_if<FullTextMatch>(&filter->condition.operation)) text += "~'" + match->query + "'";
    return text;
  }
  const auto& group = std::get<Logic::Group>(logic.node);
  std::string text = group.negated ? "!" : "";
  text += group.any ? "or(" : "and(";
  for (const auto& member : group.members) text += print(member) + ";";
  return text + ")";
}

std::string tree(std::string_view operation, std::string_view text) {
  auto logic = parse_logic(operation, text, Settings{});
  return logic.ok() ? print(*logic) : logic.error().message + " / " + logic.error().details;
}

TEST(Logic, TakesNestedTrees) {
  EXPECT_EQ(tree("or", "(id.eq.1,id.eq.2)"), "or(id'1';id'2';)");
  EXPECT_EQ(tree("not.or", "(id.eq.1)"), "!or(id'1';)");
  EXPECT_EQ(tree("and", "(a.eq.1,not.or(b.eq.2,c.not.eq.3),or(d.eq.4))"), "and(a'1';!or(b'2';!c'3';);or(d'4';);)");
}

TEST(Logic, IgnoresBlanksAroundMembers) {
  EXPECT_EQ(tree("and", "( and ( id.in.( 1, 2, 3 ) , id.eq.3 ) , or ( id.eq.2 , id.eq.3 ) )"),
            "and(and(id'1''2''3';id'3';);or(id'2';id'3';);)");
}

TEST(Logic, TakesQuotedValuesArraysAndLists) {
  EXPECT_EQ(tree("or", R"x((name.eq."(a,b)",name.like."*x,y*"))x"), "or(name'(a,b)';name'*x,y*';)");
  EXPECT_EQ(tree("and", "(arr.cs.{1,2,3},id.in.(1,2))"), "and(arr'{1,2,3}';id'1''2';)");
  EXPECT_EQ(tree("or", "(a.phfts(german).Art Spass, b.fts.x)"), "or(a~'Art Spass';b~'x';)");
}

TEST(Logic, TakesColumnsThatStartLikeOperators) {
  EXPECT_EQ(tree("and", "(order.eq.1,android.eq.2)"), "and(order'1';android'2';)");
}

TEST(Logic, SaysWhereAMistakeIs) {
  EXPECT_EQ(tree("or", ")("),
            "\"failed to parse logic tree ()()\" (line 1, column 3) / unexpected \")\" expecting \"(\"");
  EXPECT_EQ(
      tree("and", "(ord(id.eq.1,id.eq.1),id.eq.2)"),
      "\"failed to parse logic tree ((ord(id.eq.1,id.eq.1),id.eq.2))\" (line 1, column 7) / unexpected \"d\" expecting \"(\"");
  EXPECT_EQ(
      tree("or", "(id.in.1,2,id.eq.3)"),
      "\"failed to parse logic tree ((id.in.1,2,id.eq.3))\" (line 1, column 10) / unexpected \"1\" expecting \"(\"");
  EXPECT_EQ(tree("or", "()"),
            "\"failed to parse logic tree (())\" (line 1, column 4) / unexpected \")\" expecting field "
            "name (* or [a..z0..9_$]), negation operator (not) or logic operator (and, or)");
  EXPECT_EQ(tree("or", ""),
            "\"failed to parse logic tree ()\" (line 1, column 3) / unexpected end of input expecting \"(\"");
}

TEST(Logic, RefusesWhatStandsBehindTheTree) {
  EXPECT_FALSE(parse_logic("or", "(id.eq.1)x", Settings{}).ok());
  EXPECT_FALSE(parse_logic("or", "(id.eq.1", Settings{}).ok());
}

TEST(Logic, RefusesTreesTooDeepOrTooLarge) {
  Settings settings;
  settings.logic_depth = 2;
  EXPECT_TRUE(parse_logic("or", "(and(id.eq.1))", settings).ok());
  EXPECT_EQ(parse_logic("or", "(and(or(id.eq.1)))", settings).error().code, "PGRST100");
  settings.filters = 2;
  EXPECT_EQ(parse_logic("or", "(a.eq.1,b.eq.1,c.eq.1)", settings).error().code, "PGRST100");
}

}  // namespace
}  // namespace ballast::rest
