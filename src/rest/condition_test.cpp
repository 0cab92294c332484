#include "rest/condition.hpp"

#include <gtest/gtest.h>

namespace ballast::rest {
namespace {

Condition parsed(std::string_view text) {
  auto condition = parse_condition(text, Settings{});
  EXPECT_TRUE(condition.ok()) << text << ": " << (condition.ok() ? "" : condition.error().details);
  return condition.ok() ? std::move(condition).value() : Condition{};
}

Error refused(std::string_view text) {
  auto condition = parse_condition(text, Settings{});
  EXPECT_FALSE(condition.ok()) << text;
  return condition.ok() ? Error{} : condition.error();
}

const Comparison& comparison(const Condition& condition) { return std::get<Comparison>(condition.operation); }

TEST(Condition, TakesEveryComparison) {
  using query::Op;
  const std::pair<const char*, Op> cases[] = {{"eq", Op::eq},
                                              {"neq", Op::neq},
                                              {"gt", Op::gt},
                                              {"gte", Op::gte},
                                              {"lt", Op::lt},
                                              {"lte", Op::lte},
                                              {"like", Op::like},
                                              {"ilike", Op::ilike},
                                              {"match", Op::match},
                                              {"imatch", Op::imatch},
                                              {"isdistinct", Op::is_distinct},
                                              {"cs", Op::contains},
                                              {"cd", Op::contained},
                                              {"ov", Op::overlaps},
                                              {"sl", Op::strictly_left},
                                              {"sr", Op::strictly_right},
                                              {"nxr", Op::not_right},
                                              {"nxl", Op::not_left},
                                              {"adj", Op::adjacent}};
  for (const auto& [word, op] : cases) {
    const auto plain = parsed(std::string(word) + ".a.b(c),d");
    EXPECT_EQ(comparison(plain).op, op) << word;
    EXPECT_EQ(comparison(plain).value, "a.b(c),d") << word;
    EXPECT_FALSE(plain.negated);
    EXPECT_TRUE(parsed("not." + std::string(word) + ".x").negated) << word;
  }
}

TEST(Condition, TakesQuantifiersOnlyWhereTheyExist) {
  EXPECT_EQ(comparison(parsed("like(any).{a*,b*}")).quantifier, query::Quantifier::any);
  EXPECT_EQ(comparison(parsed("gte(all).{1,2}")).quantifier, query::Quantifier::all);
  EXPECT_EQ(refused("neq(any).{1}").code, "PGRST100");
  EXPECT_EQ(refused("eq(some).{1}").code, "PGRST100");
}

TEST(Condition, TakesAnEmptyValueAsTheEmptyText) { EXPECT_EQ(comparison(parsed("eq.")).value, ""); }

TEST(Condition, TakesTestsInAnyCase) {
  EXPECT_EQ(std::get<query::Is>(parsed("is.NULL").operation), query::Is::null);
  EXPECT_EQ(std::get<query::Is>(parsed("is.NoT_NuLl").operation), query::Is::not_null);
  EXPECT_EQ(std::get<query::Is>(parsed("is.unknown").operation), query::Is::unknown);
  EXPECT_EQ(refused("is.nope").details, "unexpected \"n\" expecting isVal: (null, not_null, true, false, unknown)");
  EXPECT_EQ(refused("is.nullx").code, "PGRST100");
  EXPECT_EQ(refused("is.").code, "PGRST100");
}

TEST(Condition, TakesListsWithQuotesAndEscapes) {
  const auto values = [](std::string_view text) { return std::get<InList>(parsed(text).operation).values; };
  EXPECT_EQ(values("in.(1,2)"), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(values(R"(in.("a,b","c)d",e))"), (std::vector<std::string>{"a,b", "c)d", "e"}));
  EXPECT_EQ(values(R"(in.("Double\"Quote\"McGraw\""))"), (std::vector<std::string>{"Double\"Quote\"McGraw\""}));
  EXPECT_EQ(values(R"(in.("back\\slash"))"), (std::vector<std::string>{"back\\slash"}));
  EXPECT_EQ(values(R"(in.("))"), (std::vector<std::string>{"\""}));
  EXPECT_EQ(values(R"(in.(Double"Quote"McGraw"))"), (std::vector<std::string>{"Double\"Quote\"McGraw\""}));
  EXPECT_EQ(values("in.()"), std::vector<std::string>{});
  EXPECT_EQ(values("in.( ,3,4)"), (std::vector<std::string>{"", "3", "4"}));
  EXPECT_EQ(values(R"(in.(""))"), (std::vector<std::string>{""}));
}

TEST(Condition, RefusesListsThatDoNotClose) {
  EXPECT_EQ(refused("in.1,2").details, "unexpected \"1\" expecting \"(\"");
  EXPECT_EQ(refused("in.(1,2").code, "PGRST100");
  EXPECT_EQ(refused("in.(1)2").code, "PGRST100");
}

TEST(Condition, TakesFullTextWithALanguage) {
  const auto match = std::get<FullTextMatch>(parsed("wfts(french).amusant impossible").operation);
  EXPECT_EQ(match.mode, query::FullTextMode::web);
  EXPECT_EQ(match.language, "french");
  EXPECT_EQ(match.query, "amusant impossible");
  EXPECT_EQ(std::get<FullTextMatch>(parsed("plfts.a b").operation).mode, query::FullTextMode::plain);
  EXPECT_EQ(refused("fts().x").code, "PGRST100");
  EXPECT_EQ(refused("fts(eng;lish).x").code, "PGRST100");
}

TEST(Condition, NamesTheNearestOperator) {
  const auto error = refused("likee.x");
  EXPECT_EQ(error.message, "\"failed to parse filter (likee.x)\" (line 1, column 1)");
  EXPECT_EQ(error.details, "unexpected \"l\" expecting \"not\" or operator (eq, gt, ...)");
  EXPECT_EQ(error.hint, "Perhaps you meant the operator 'like'.");
}

TEST(Condition, RefusesAValueWithoutAnOperator) {
  EXPECT_EQ(refused("5").code, "PGRST100");
  EXPECT_EQ(refused("").details, "unexpected end of input expecting \"not\" or operator (eq, gt, ...)");
  EXPECT_EQ(refused("eq").details, "unexpected end of input expecting delimiter (.)");
  EXPECT_EQ(refused("not.not.eq.1").code, "PGRST100");
}

TEST(Condition, KnowsWhichValuesAreOnlyBound) {
  EXPECT_EQ(bindable_prefix("eq.5"), 3U);
  EXPECT_EQ(bindable_prefix("not.gte.5"), 8U);
  EXPECT_EQ(bindable_prefix("lt."), 3U);
  EXPECT_EQ(bindable_prefix("ilike.a*"), 6U);
  for (const auto* shaped :
       {"eq(any).{1}", "in.(1)", "is.null", "match.x", "cs.{1}", "fts.x", "5", "eq", "%65q.5", "eqx.5"}) {
    EXPECT_EQ(bindable_prefix(shaped), 0U) << shaped;
  }
}

TEST(ArrayLiteral, GivesItsElements) {
  EXPECT_EQ(parse_array_literal("{a, b,\"c,d\",\"e\\\"f\"}"), (std::vector<std::string>{"a", "b", "c,d", "e\"f"}));
  EXPECT_EQ(parse_array_literal("{}"), std::vector<std::string>{});
  for (const auto* bad : {"a", "{a", "{a}b", "{\"a}", ""}) EXPECT_EQ(parse_array_literal(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace ballast::rest
