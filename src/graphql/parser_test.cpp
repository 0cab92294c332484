#include "graphql/parser.hpp"

#include <gtest/gtest.h>

#include "graphql/print.hpp"
#include "graphql/shown.hpp"

namespace ballast::graphql {
namespace {

/// The document in canonical form, or its problem: `1:1 Syntax Error: …`.
std::string parsed(std::string_view source, const ParseLimits& limits = {}) {
  const auto result = parse(source, limits);
  if (const auto* document = std::get_if<Document>(&result)) return print(*document);
  const auto& problem = std::get<Problem>(result);
  EXPECT_EQ(problem.code, "GRAPHQL_PARSE_FAILED");
  std::string text;
  for (const Position& at : problem.at) text += std::to_string(at.line) + ":" + std::to_string(at.column) + " ";
  return text + problem.message;
}

/// An argument's value.
std::string value(const std::string& source) {
  const std::string text = parsed("{a(b:" + source + ")}");
  constexpr std::string_view before = "{\n  a(b: ";
  constexpr std::string_view behind = ")\n}\n";
  if (!text.starts_with(before)) return text;
  return text.substr(before.size(), text.size() - before.size() - behind.size());
}

Document document(std::string_view source) { return std::get<Document>(parse(source, {})); }

std::string repeat(std::string_view text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(Parser, TakesShorthandQueries) {
  EXPECT_EQ(parsed("{a}"), "{\n  a\n}\n");
  EXPECT_EQ(parsed("query{a,b c}"), "{\n  a\n  b\n  c\n}\n");
}

TEST(Parser, TakesEveryPartOfAnOperation) {
  EXPECT_EQ(parsed("query Q($a:Int=1@x(y:2) $b:[T!]!)@d@e(f:$a){g}"),
            "query Q($a: Int = 1 @x(y: 2), $b: [T!]!) @d @e(f: $a) {\n  g\n}\n");
  EXPECT_EQ(parsed("query($a:Int){b}"), "query ($a: Int) {\n  b\n}\n");
  EXPECT_EQ(parsed("query @d{b}"), "query @d {\n  b\n}\n");
  EXPECT_EQ(parsed("mutation{a}"), "mutation {\n  a\n}\n");
  EXPECT_EQ(parsed("subscription S{a}"), "subscription S {\n  a\n}\n");
}

TEST(Parser, TakesEveryKindOfSelection) {
  EXPECT_EQ(parsed("{a:b(c:1 d:2)@e{f ...G@h ...on I@j{k}...@l{m}...{n}}}"),
            "{\n"
            "  a: b(c: 1, d: 2) @e {\n"
            "    f\n"
            "    ...G @h\n"
            "    ... on I @j {\n"
            "      k\n"
            "    }\n"
            "    ... @l {\n"
            "      m\n"
            "    }\n"
            "    ... {\n"
            "      n\n"
            "    }\n"
            "  }\n"
            "}\n");
}

TEST(Parser, TakesFragments) {
  EXPECT_EQ(parsed("fragment F on T@d{a}query{...F}"), "{\n  ...F\n}\n\nfragment F on T @d {\n  a\n}\n");
}

TEST(Parser, TakesEveryKindOfValue) {
  EXPECT_EQ(value("$v"), "$v");
  EXPECT_EQ(value("-0"), "-0");
  EXPECT_EQ(value("1.50e3"), "1.50e3");
  EXPECT_EQ(value("true"), "true");
  EXPECT_EQ(value("false"), "false");
  EXPECT_EQ(value("null"), "null");
  EXPECT_EQ(value("ASC"), "ASC");
  EXPECT_EQ(value("[]"), "[]");
  EXPECT_EQ(value("{}"), "{}");
  EXPECT_EQ(value("[1[$v]{a:{b:[]}}]"), "[1, [$v], {a: {b: []}}]");
  EXPECT_EQ(value("{a:1,a:2}"), "{a: 1, a: 2}");
}

TEST(Parser, TakesStringsAndBlockStringsAlike) {
  EXPECT_EQ(value(R"("a\u0041\n\"\\\u007F ä")"), R"("aA\n\"\\\u007F ä")");
  EXPECT_EQ(value("\"\"\"\n  a\n   \"b\"\n\"\"\""), R"("a\n \"b\"")");
}

TEST(Parser, TakesKeywordsWhereNamesStand) {
  for (const std::string word :
       {"on", "fragment", "query", "mutation", "subscription", "true", "false", "null", "type"}) {
    const std::string name = word == "on" ? "a" : word;
    EXPECT_EQ(parsed("query " + word + "{..." + name + " ...on " + word + "{x}}fragment " + name + " on T{" + word +
                     "(" + word + ":$" + word + ")@" + word + "}"),
              "query " + word + " {\n  ..." + name + "\n  ... on " + word + " {\n    x\n  }\n}\n\nfragment " + name +
                  " on T {\n  " + word + "(" + word + ": $" + word + ") @" + word + "\n}\n");
  }
}

TEST(Parser, DropsDescriptions) {
  EXPECT_EQ(parsed("\"q\" query Q(\"\"\"v\"\"\" $a: Int){a} \"f\" fragment F on T{b}"),
            "query Q($a: Int) {\n  a\n}\n\nfragment F on T {\n  b\n}\n");
  EXPECT_EQ(parsed("\n \"q\" {a}"),
            "2:2 Syntax Error: Unexpected description, descriptions are not supported on shorthand queries.");
  EXPECT_EQ(parsed("\"q\""), "1:4 Syntax Error: Unexpected <EOF>.");
  EXPECT_EQ(parsed("\"a\" \"b\" query Q{a}"), "1:5 Syntax Error: Unexpected String \"b\".");
}

TEST(Parser, KnowsWhereThingsStand) {
  const Document d = document(
      "query Q(\n"
      "  $v: [Int!] = 1\n"
      ") @d {\n"
      "  x: a(\n"
      "    b: {c: 2}) { ...F }\n"
      "}\n"
      "fragment F on T { ... on U { z } }");
  const Operation& operation = d.operations.at(0);
  EXPECT_EQ(operation.at, (Position{1, 1}));
  EXPECT_EQ(operation.variables.at(0).at, (Position{2, 3}));
  EXPECT_EQ(operation.variables.at(0).type.at, (Position{2, 7}));
  EXPECT_EQ((*operation.variables.at(0).type.items)->at, (Position{2, 8}));
  EXPECT_EQ(operation.variables.at(0).default_value->at, (Position{2, 16}));
  EXPECT_EQ(operation.directives.at(0).at, (Position{3, 3}));
  const auto& field = std::get<Field>(operation.selections.at(0).node);
  EXPECT_EQ(field.at, (Position{4, 3}));
  EXPECT_EQ(field.key(), "x");
  EXPECT_EQ(field.arguments.at(0).at, (Position{5, 5}));
  EXPECT_EQ(field.arguments.at(0).value.at, (Position{5, 8}));
  EXPECT_EQ(std::get<ObjectValue>(field.arguments.at(0).value.node).fields.at(0).at, (Position{5, 9}));
  EXPECT_EQ(std::get<FragmentSpread>(field.selections.at(0).node).at, (Position{5, 18}));
  EXPECT_EQ(d.fragment("F")->at, (Position{7, 1}));
  EXPECT_EQ(std::get<InlineFragment>(d.fragment("F")->selections.at(0).node).at, (Position{7, 19}));
}

TEST(Parser, SaysWhatItFoundAndWhatItExpected) {
  EXPECT_EQ(parsed(""), "1:1 Syntax Error: Unexpected <EOF>.");
  EXPECT_EQ(parsed(" # nothing\n"), "2:1 Syntax Error: Unexpected <EOF>.");
  EXPECT_EQ(parsed("foo{a}"), "1:1 Syntax Error: Unexpected Name \"foo\".");
  EXPECT_EQ(parsed("..."), "1:1 Syntax Error: Unexpected \"...\".");
  EXPECT_EQ(parsed("query"), "1:6 Syntax Error: Expected \"{\", found <EOF>.");
  EXPECT_EQ(parsed("{"), "1:2 Syntax Error: Expected Name, found <EOF>.");
  EXPECT_EQ(parsed("{}"), "1:2 Syntax Error: Expected Name, found \"}\".");
  EXPECT_EQ(parsed("{a{}}"), "1:4 Syntax Error: Expected Name, found \"}\".");
  EXPECT_EQ(parsed("{a()}"), "1:4 Syntax Error: Expected Name, found \")\".");
  EXPECT_EQ(parsed("query(){a}"), "1:7 Syntax Error: Expected \"$\", found \")\".");
  EXPECT_EQ(parsed("{a:1}"), "1:4 Syntax Error: Expected Name, found Int \"1\".");
  EXPECT_EQ(parsed("{\"\""), "1:2 Syntax Error: Expected Name, found String \"\".");
  EXPECT_EQ(parsed("{a(b 1.5)}"), "1:6 Syntax Error: Expected \":\", found Float \"1.5\".");
  EXPECT_EQ(parsed("{a(b: )}"), "1:7 Syntax Error: Unexpected \")\".");
  EXPECT_EQ(parsed("{a(b: [)}"), "1:8 Syntax Error: Unexpected \")\".");
  EXPECT_EQ(parsed("{a}}"), "1:4 Syntax Error: Unexpected \"}\".");
  EXPECT_EQ(parsed("{...F}\nfragment F T"), "2:12 Syntax Error: Expected \"on\", found Name \"T\".");
  EXPECT_EQ(parsed("fragment on on T{a}"), "1:10 Syntax Error: Unexpected Name \"on\".");
  EXPECT_EQ(parsed("{...on}"), "1:7 Syntax Error: Expected Name, found \"}\".");
  EXPECT_EQ(parsed("{... on T}"), "1:10 Syntax Error: Expected \"{\", found \"}\".");
  EXPECT_EQ(parsed("query($a:Int!!){b}"), "1:14 Syntax Error: Expected \"$\", found \"!\".");
  EXPECT_EQ(parsed("query($a:[Int){b}"), "1:14 Syntax Error: Expected \"]\", found \")\".");
  EXPECT_EQ(parsed("fragment F($a:Int) on T{b}"), "1:11 Syntax Error: Expected \"on\", found \"(\".");
}

TEST(Parser, PassesOnWhatIsNoToken) {
  EXPECT_EQ(parsed("{a(b:\"c)}"), "1:10 Syntax Error: Unterminated string.");
  EXPECT_EQ(parsed("{a;b}"), "1:3 Syntax Error: Unexpected character: \";\".");
  EXPECT_EQ(parsed("?"), "1:1 Syntax Error: Unexpected character: \"?\".");
}

TEST(Parser, KeepsVariablesOutOfConstants) {
  EXPECT_EQ(parsed("query($a:T={b:[$c]}){d}"), "1:16 Syntax Error: Unexpected variable \"$c\" in constant value.");
  EXPECT_EQ(parsed("query($a:T@b(c:$d)){e}"), "1:16 Syntax Error: Unexpected variable \"$d\" in constant value.");
  EXPECT_EQ(parsed("query($a:T=$){e}"), "1:12 Syntax Error: Unexpected \"$\".");
}

TEST(Parser, RefusesTypeSystemDefinitions) {
  for (const std::string word :
       {"schema", "scalar", "type", "interface", "union", "enum", "input", "directive", "extend"}) {
    EXPECT_EQ(parsed("{a} \"d\" " + word + " X"),
              "1:9 Syntax Error: Expected an operation or a fragment; type system definitions are not executable.");
  }
}

TEST(Parser, LeavesDuplicatesToValidation) {
  const Document d = document("query Q{a} query Q{b} {c} {d} fragment F on T{e} fragment F on T{f}");
  EXPECT_EQ(d.operations.size(), 4U);
  EXPECT_EQ(d.fragments.size(), 2U);
  EXPECT_EQ(std::get<Field>(d.fragment("F")->selections.at(0).node).name, "e");
}

TEST(Parser, BoundsTheSource) {
  const ParseLimits limits{.max_bytes = 5};
  EXPECT_EQ(parsed("{a b}", limits), "{\n  a\n  b\n}\n");
  EXPECT_EQ(parsed("{a bc}", limits), "Syntax Error: Document is longer than 5 bytes.");
}

TEST(Parser, BoundsTokens) {
  const ParseLimits limits{.max_tokens = 4};
  EXPECT_EQ(parsed("{a b} # c", limits), "{\n  a\n  b\n}\n");
  EXPECT_EQ(parsed("{a b c}", limits), "1:7 Syntax Error: Document contains more than 4 tokens. Parsing aborted.");
}

TEST(Parser, BoundsNestingOfEveryKind) {
  const ParseLimits limits{.max_depth = 2};
  const std::string deep = "Syntax Error: Document is nested more than 2 levels deep.";
  EXPECT_EQ(parsed("{a{b} c(d:[1])}", limits), "{\n  a {\n    b\n  }\n  c(d: [1])\n}\n");
  EXPECT_EQ(parsed("{a{b{c}}}", limits), "1:5 " + deep);
  EXPECT_EQ(parsed("{a{...{c}}}", limits), "1:7 " + deep);
  EXPECT_EQ(parsed("{a(b:[[1]])}", limits), "1:7 " + deep);
  EXPECT_EQ(parsed("{a(b:{c:{}})}", limits), "1:9 " + deep);
  EXPECT_EQ(parsed("{a@b(c:[{}])}", limits), "1:9 " + deep);
  EXPECT_EQ(parsed("query($a:[[[Int]]]){b}", limits), "1:12 " + deep);
  EXPECT_EQ(parsed("query($a:[[Int]]=[[1]]){b}{c{d}}", limits),
            "query ($a: [[Int]] = [[1]]) {\n  b\n}\n\n{\n  c {\n    d\n  }\n}\n");
}

TEST(Parser, EndsHostileDocumentsEarly) {
  constexpr std::size_t length = std::size_t{1} << 18;
  const std::string deep = "Syntax Error: Document is nested more than 100 levels deep.";
  const std::string many = "Syntax Error: Document contains more than 15000 tokens. Parsing aborted.";
  EXPECT_EQ(parsed(repeat("{", length)), "1:2 Syntax Error: Expected Name, found \"{\".");
  EXPECT_EQ(parsed(repeat("{a", length / 2)), "1:201 " + deep);
  EXPECT_EQ(parsed("{a(b:" + repeat("[", length - 5)), "1:105 " + deep);
  EXPECT_EQ(parsed("{a(b:" + repeat("{c:", length / 4)), "1:303 " + deep);
  EXPECT_EQ(parsed("query($a:" + repeat("[", length - 9)), "1:110 " + deep);
  EXPECT_EQ(parsed("{" + repeat("a:b ", length / 5)), "1:20000 " + many);
  EXPECT_EQ(parsed("{a" + repeat("@b", length / 3)), "1:15001 " + many);
  EXPECT_EQ(parsed(repeat("{a}", length / 3)), "1:15001 " + many);
  EXPECT_EQ(parsed("{" + repeat("a", length - 1)), "1:262145 Syntax Error: Expected Name, found <EOF>.");
  EXPECT_EQ(parsed(repeat("#", length)), "1:262145 Syntax Error: Unexpected <EOF>.");
  EXPECT_EQ(parsed(repeat("\n", length)), "262145:1 Syntax Error: Unexpected <EOF>.");
  EXPECT_EQ(parsed(repeat("a", length)), "1:1 Syntax Error: Unexpected Name \"" + shown(repeat("a", length)) + "\".");
}

TEST(Print, GivesAFormThatParsesToItself) {
  for (const std::string_view source :
       {"{a}", "query Q($a:[[T!]!]!={b:[1.5,\"c\\u0000\\\"\",null,E,true]}@d){e:f(g:$a)@h{i ...J ...on K@l{m}}}",
        "fragment F on T{a} mutation{b} subscription($c:Int){d} query @e{f}", "{a(b:\"\"\"\n  c\n    d\n\"\"\")}"}) {
    const std::string once = parsed(source);
    EXPECT_EQ(parsed(once), once) << source;
  }
}

TEST(Print, PrintsValuesAndTypes) {
  const Document d = document("query($a:[Int!]!={b:[1]}){c}");
  EXPECT_EQ(print(d.operations[0].variables[0].type), "[Int!]!");
  EXPECT_EQ(print(*d.operations[0].variables[0].default_value), "{b: [1]}");
}

}  // namespace
}  // namespace ballast::graphql
