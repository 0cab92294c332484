#include "graphql/validate.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "graphql/parser.hpp"
#include "graphql/test_schema.hpp"

namespace ballast::graphql {
namespace {

Document document(std::string_view source) {
  auto parsed = parse(source, {.max_tokens = 200'000});
  if (const auto* problem = std::get_if<Problem>(&parsed)) ADD_FAILURE() << problem->message << "\n" << source;
  return std::holds_alternative<Document>(parsed) ? std::get<Document>(std::move(parsed)) : Document{};
}

const Schema& schema() {
  static const SchemaPtr made = TestSchema::make();
  return *made;
}

Problems problems_of(std::string_view source, const ValidationLimits& limits = {}) {
  const Problems problems = validate(document(source), schema(), limits);
  for (const Problem& problem : problems) EXPECT_EQ(problem.code, "GRAPHQL_VALIDATION_FAILED");
  return problems;
}

/// The messages, each after its places: `1:3 Cannot query …`.
std::vector<std::string> said(std::string_view source, const ValidationLimits& limits = {}) {
  std::vector<std::string> all;
  for (const Problem& problem : problems_of(source, limits)) {
    std::string& text = all.emplace_back();
    for (const Position& at : problem.at) text += std::to_string(at.line) + ":" + std::to_string(at.column) + " ";
    text += problem.message;
  }
  return all;
}

using Said = std::vector<std::string>;
const Said nothing;

double milliseconds(const auto& what) {
  const auto start = std::chrono::steady_clock::now();
  what();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

TEST(Validate, TakesAnOrdinaryDocument) {
  EXPECT_EQ(said(R"(
    query Page($first: Int = 3, $color: Color!, $deep: Boolean!) @tag(name: "page") {
      __typename
      all: accounts(first: $first, filter: {id: {in: [1, 2]}, color: $color}) {
        ...Person
        friends(first: 1) @include(if: $deep) { id }
      }
      node(nodeId: "x") { nodeId ... on Blog { title owner { ...Person } } }
      things { __typename ... on Account { id } ... on Node { nodeId } }
    }
    query Other { __schema { types { name } } __type(name: "Account") { fields { name } } }
    mutation Add($rows: [AccountInput!]!) { insert(objects: $rows) }
    fragment Person on Account { id email best { id } })"),
            nothing);
}

TEST(Validate, OperationNamesAreUnique) {
  EXPECT_EQ(said("query A { things { __typename } } query B { things { __typename } }"), nothing);
  EXPECT_EQ(said("query A { __typename } mutation A { __typename }"),
            Said{"1:1 1:24 There can be only one operation named \"A\"."});
}

TEST(Validate, AnAnonymousOperationIsAlone) {
  EXPECT_EQ(said("{ __typename }"), nothing);
  EXPECT_EQ(said("{ __typename } query B { __typename }"),
            Said{"1:1 This anonymous operation must be the only defined operation."});
}

TEST(Validate, SubscriptionsHaveOneField) {
  const std::string unsupported = "1:1 Schema is not configured to execute subscription operation.";
  EXPECT_EQ(said("subscription { a }"), Said{unsupported});
  EXPECT_EQ(said("subscription S { a ...F } fragment F on Query { things { __typename } }"),
            (Said{"1:49 Subscription \"S\" must select only one top level field.", unsupported}));
  EXPECT_EQ(said("subscription { __typename }"),
            (Said{"1:16 Anonymous Subscription must not select an introspection top level field.", unsupported}));
}

TEST(Validate, FieldsAreKnown) {
  EXPECT_EQ(said("{ accounts { id email } }"), nothing);
  EXPECT_EQ(said("{ accounts { emial } }"),
            Said{"1:14 Cannot query field \"emial\" on type \"Account\". Did you mean \"email\"?"});
  EXPECT_EQ(said("{ accounts { emial } }", {.suggestions = false}),
            Said{"1:14 Cannot query field \"emial\" on type \"Account\"."});
  EXPECT_EQ(said("{ node(nodeId: 1) { title } }"),
            Said{"1:21 Cannot query field \"title\" on type \"Node\". Did you mean to use an inline fragment on "
                 "\"Blog\"?"});
  EXPECT_EQ(said("{ node(nodeId: 1) { email } }"),
            Said{"1:21 Cannot query field \"email\" on type \"Node\". Did you mean to use an inline fragment on "
                 "\"Account\" or \"Blog\"?"});
  EXPECT_EQ(said("{ accounts { __schema { types { name } } } }"),
            Said{"1:14 Cannot query field \"__schema\" on type \"Account\"."});
  EXPECT_EQ(said("{ nothing { below { that } } }"), Said{"1:3 Cannot query field \"nothing\" on type \"Query\"."});
}

TEST(Validate, IntrospectionCanBeAbsent) {
  const SchemaPtr closed = TestSchema::make(false);
  const Problems problems = validate(document("{ __schema { types { name } } acconuts { id } }"), *closed, {});
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0].message, "Cannot query field \"__schema\" on type \"Query\".");
  EXPECT_EQ(problems[1].message, "Cannot query field \"acconuts\" on type \"Query\".");  // tells no other name
  EXPECT_TRUE(validate(document("{ __typename }"), *closed, {}).empty());
}

TEST(Validate, OnlyCompositeTypesHaveSelections) {
  EXPECT_EQ(said("{ accounts { id { x } } }"),
            Said{"1:14 Field \"id\" must not have a selection since type \"Int!\" has no subfields."});
  EXPECT_EQ(said("{ accounts }"), Said{"1:3 Field \"accounts\" of type \"[Account!]!\" must have a selection of "
                                       "subfields. Did you mean \"accounts { ... }\"?"});
}

TEST(Validate, FieldsOfOneKeyMerge) {
  EXPECT_EQ(said("{ accounts { id id best { id } best { email } } }"), nothing);
  EXPECT_EQ(said("{ a: account(id: 1) { id } a: account(id: 1) { email } }"), nothing);
  EXPECT_EQ(said("{ accounts(filter: {email: \"a\", color: RED}) { id } accounts(filter: {color: RED, email: \"a\"}) "
                 "{ id } }"),
            nothing);
  EXPECT_EQ(said("{ accounts { x: id x: email } }"),
            Said{"1:14 1:20 Fields \"x\" conflict because \"id\" and \"email\" are different fields. Use different "
                 "aliases on the fields to fetch both if this was intentional."});
  EXPECT_EQ(said("{ account(id: 1) { id } account(id: 2) { id } }"),
            Said{"1:3 1:25 Fields \"account\" conflict because they have differing arguments. Use different aliases on "
                 "the fields to fetch both if this was intentional."});
  EXPECT_EQ(
      said("{ account(id: 1) { best { x: id } } ...F } fragment F on Query { account(id: 1) { best { x: email } } }"),
      Said{"1:3 1:20 1:27 1:66 1:83 1:90 Fields \"account\" conflict because subfields \"best\" conflict because "
           "subfields \"x\" conflict because \"id\" and \"email\" are different fields. Use different aliases on "
           "the fields to fetch both if this was intentional."});
}

TEST(Validate, FieldsOfDifferentObjectsNeedOneShape) {
  EXPECT_EQ(said("{ things { ... on Account { x: email } ... on Blog { x: title } } }"), nothing);
  EXPECT_EQ(said("{ things { ... on Account { x: best { id } } ... on Blog { x: owner { id } } } }"),
            Said{"1:29 1:60 Fields \"x\" conflict because they return conflicting types \"Account\" and \"Account!\". "
                 "Use different aliases on the fields to fetch both if this was intentional."});
  EXPECT_EQ(said("{ things { ... on Account { x: id } ... on Blog { x: id } } }"),
            Said{"1:29 1:51 Fields \"x\" conflict because they return conflicting types \"Int!\" and \"BigInt!\". Use "
                 "different aliases on the fields to fetch both if this was intentional."});
  EXPECT_EQ(said("{ things { ... on Account { nodeId } ... on Node { nodeId: __typename } } }").size(), 1U);
  // Below fields of different objects only shapes count, though both are accounts.
  EXPECT_EQ(said("{ things { ... on Account { x: friends { y: email } } ... on Blog { x: title } } }").size(), 1U);
}

TEST(Validate, ArgumentsAreKnown) {
  EXPECT_EQ(said("{ accounts(frist: 1) { id } }"),
            Said{"1:12 Unknown argument \"frist\" on field \"Query.accounts\". Did you mean \"first\"?"});
  EXPECT_EQ(said("{ accounts { id @skip(if: true, unless: 1) } }"),
            Said{"1:33 Unknown argument \"unless\" on directive \"@skip\"."});
}

TEST(Validate, ArgumentsAreUnique) {
  EXPECT_EQ(said("{ accounts(first: 1, first: 2) { id } }"),
            Said{"1:12 1:22 There can be only one argument named \"first\"."});
}

TEST(Validate, RequiredArgumentsAreGiven) {
  EXPECT_EQ(said("{ echo }"), nothing);
  EXPECT_EQ(said("{ account { id } }"),
            Said{"1:3 Field \"account\" argument \"id\" of type \"Int!\" is required, but it was not provided."});
  EXPECT_EQ(
      said("{ accounts { id @skip } }"),
      Said{"1:17 Directive \"@skip\" argument \"if\" of type \"Boolean!\" is required, but it was not provided."});
}

TEST(Validate, FragmentNamesAreUnique) {
  EXPECT_EQ(said("{ ...F } fragment F on Query { __typename } fragment F on Query { __typename }"),
            Said{"1:10 1:45 There can be only one fragment named \"F\"."});
}

TEST(Validate, TypesAreKnown) {
  EXPECT_EQ(said("query ($x: Int) { echo(int: $x) }"), nothing);
  EXPECT_EQ(said("query ($x: [Itn]) { a: echo(int: $x) ... on Acount { id } ...F } fragment F on Blgo { id }"),
            (Said{"1:13 Unknown type \"Itn\". Did you mean \"Int\"?",
                  "1:38 Unknown type \"Acount\". Did you mean \"Account\"?",
                  "1:66 Unknown type \"Blgo\". Did you mean \"Blog\"?"}));
}

TEST(Validate, FragmentsAreOnCompositeTypes) {
  EXPECT_EQ(said("{ ... on Int { x } ...F } fragment F on Color { x }"),
            (Said{"1:3 Fragment cannot condition on non composite type \"Int\".",
                  "1:27 Fragment \"F\" cannot condition on non composite type \"Color\"."}));
}

TEST(Validate, FragmentsAreUsed) {
  EXPECT_EQ(said("{ __typename } fragment F on Query { ...G } fragment G on Query { __typename }"),
            (Said{"1:16 Fragment \"F\" is never used.", "1:45 Fragment \"G\" is never used."}));
}

TEST(Validate, FragmentsAreKnown) { EXPECT_EQ(said("{ ...F }"), Said{"1:3 Unknown fragment \"F\"."}); }

TEST(Validate, FragmentsFormNoCycles) {
  EXPECT_EQ(said("{ ...A } fragment A on Query { ...A }"), Said{"1:32 Cannot spread fragment \"A\" within itself."});
  EXPECT_EQ(
      said("{ accounts { ...A } } fragment A on Account { best { ...B } } fragment B on Account { best { ...C } } "
           "fragment C on Account { best { ...A } }"),
      Said{"1:54 1:94 1:134 Cannot spread fragment \"A\" within itself via \"B\", \"C\"."});
}

TEST(Validate, FragmentSpreadsArePossible) {
  EXPECT_EQ(said("{ node(nodeId: 1) { ... on Thing { ... on Blog { id } } } }"), nothing);
  EXPECT_EQ(said("{ accounts { ... on Blog { id } ...F } } fragment F on Query { __typename }"),
            (Said{"1:14 Fragment cannot be spread here as objects of type \"Account\" can never be of type \"Blog\".",
                  "1:33 Fragment \"F\" cannot be spread here as objects of type \"Account\" can never be of type "
                  "\"Query\"."}));
}

TEST(Validate, ValuesHaveTheRightType) {
  EXPECT_EQ(said(R"({ echo(int: -5, float: 1, string: "s", boolean: false, id: 7, bigInt: 123456789012345678901,
                     bigFloat: 543.25, datetime: "now", uuid: "u", json: {a: [1, null, "x", {b: true}]}, opaque: 1.5,
                     strings: "one") })"),
            nothing);
  EXPECT_EQ(said(R"({ echo(json: "{\"a\": 1}", bigInt: "-12", bigFloat: "NaN", opaque: "x", strings: ["a", null]) })"),
            nothing);
  EXPECT_EQ(
      said(R"({ echo(int: "a", size: null, float: "1", string: 1, boolean: 1, id: true, bigInt: 1.5,
bigFloat: true, datetime: 5, uuid: X, json: X, opaque: [1], strings: [[1]]) })"),
      (Said{"1:13 Int cannot represent non-integer value: \"a\"", "1:24 Expected value of type \"Int!\", found null.",
            "1:37 Float cannot represent non numeric value: \"1\"",
            "1:50 String cannot represent a non string value: 1",
            "1:62 Boolean cannot represent a non boolean value: 1",
            "1:69 ID cannot represent a non-string and non-integer value: true",
            "1:83 BigInt cannot represent non-integer value: 1.5",
            "2:11 BigFloat cannot represent non numeric value: true",
            "2:27 Datetime cannot represent a non string value: 5", "2:36 UUID cannot represent a non string value: X",
            "2:45 JSON cannot represent value: X", "2:56 Opaque cannot represent value: [1]",
            "2:71 String cannot represent a non string value: [1]"}));
  EXPECT_EQ(said("{ echo(int: 2147483648, json: {a: X}) }"),
            (Said{"1:13 Int cannot represent non 32-bit signed integer value: 2147483648",
                  "1:35 JSON cannot represent value: X"}));
  EXPECT_EQ(said("{ accounts(filter: 1, ids: [1, null]) { id } }"),
            (Said{"1:20 Expected value of type \"AccountFilter\", found 1.",
                  "1:32 Expected value of type \"Int!\", found null."}));
}

TEST(Validate, EnumerationsKnowTheirMembers) {
  EXPECT_EQ(said("{ accounts(color: RED) { id } }"), nothing);
  EXPECT_EQ(said("{ accounts(color: \"RED\") { id } }"), nothing);
  EXPECT_EQ(said("{ accounts(color: REDD) { id } }"),
            Said{"1:19 Value \"REDD\" does not exist in \"Color\" enum. Did you mean the enum value \"RED\"?"});
  EXPECT_EQ(said("{ accounts(color: 1) { id } }"), Said{"1:19 Enum \"Color\" cannot represent non-enum value: 1."});
}

TEST(Validate, InputObjectsHaveTheirFields) {
  EXPECT_EQ(said("mutation { insert(objects: {email: \"a\"}) }"), nothing);
  EXPECT_EQ(said("mutation { insert(objects: [{emial: \"a\"}]) }"),
            (Said{"1:29 Field \"AccountInput.email\" of required type \"String!\" was not provided.",
                  "1:30 Field \"emial\" is not defined by type \"AccountInput\". Did you mean \"email\"?"}));
  EXPECT_EQ(said("{ accounts(filter: {email: \"a\", email: \"b\"}) { id } }"),
            Said{"1:21 1:33 There can be only one input field named \"email\"."});
}

TEST(Validate, OneOfObjectsHaveOneField) {
  EXPECT_EQ(said("query ($id: Int!) { lookup(by: {id: $id}) { id } }"), nothing);
  EXPECT_EQ(said("{ lookup(by: {id: 1, email: \"a\"}) { id } }"),
            Said{"1:14 OneOf Input Object \"Lookup\" must specify exactly one key."});
  EXPECT_EQ(said("{ lookup(by: {}) { id } }"),
            Said{"1:14 OneOf Input Object \"Lookup\" must specify exactly one key."});
  EXPECT_EQ(said("{ lookup(by: {id: null}) { id } }"), Said{"1:14 Field \"Lookup.id\" must be non-null."});
  EXPECT_EQ(said("query ($id: Int) { lookup(by: {id: $id}) { id } }"),
            Said{"1:8 1:36 Variable \"id\" must be non-nullable to be used for OneOf Input Object \"Lookup\"."});
}

TEST(Validate, DirectivesAreKnownAndInPlace) {
  EXPECT_EQ(said("query ($x: Int @tag(name: \"a\")) { echo(int: $x) @skip(if: false) }"), nothing);
  EXPECT_EQ(said("query @skip(if: true) { echo @tga @tag(name: \"x\") }"),
            (Said{"1:7 Directive \"@skip\" may not be used on QUERY.", "1:30 Unknown directive \"@tga\".",
                  "1:35 Directive \"@tag\" may not be used on FIELD."}));
  EXPECT_EQ(
      said("{ ...F @tag(name: \"\") } fragment F on Query @tag(name: \"\") { ... @tag(name: \"\") { __typename } }"),
      (Said{"1:8 Directive \"@tag\" may not be used on FRAGMENT_SPREAD.",
            "1:45 Directive \"@tag\" may not be used on FRAGMENT_DEFINITION.",
            "1:66 Directive \"@tag\" may not be used on INLINE_FRAGMENT."}));
}

TEST(Validate, DirectivesAreUnique) {
  EXPECT_EQ(said("{ echo @skip(if: true) @include(if: true) }"), nothing);
  EXPECT_EQ(said("{ echo @skip(if: true) @skip(if: false) }"),
            Said{"1:8 1:24 The directive \"@skip\" can only be used once at this location."});
}

TEST(Validate, VariablesAreUnique) {
  EXPECT_EQ(said("query ($x: Int, $x: Int) { echo(int: $x) }"),
            Said{"1:9 1:18 There can be only one variable named \"$x\"."});
}

TEST(Validate, VariablesAreOfInputTypes) {
  EXPECT_EQ(said("query ($x: [Account!]) { echo(int: $x) }").front(),
            "1:12 Variable \"$x\" cannot be non-input type \"[Account!]\".");
}

TEST(Validate, DefaultsHaveTheVariablesType) {
  EXPECT_EQ(said("query ($x: Int = \"a\") { echo(int: $x) }"),
            Said{"1:18 Int cannot represent non-integer value: \"a\""});
}

TEST(Validate, VariablesAreDefined) {
  EXPECT_EQ(said("query Q { ...F } fragment F on Query { echo(int: $x) }"),
            Said{"1:50 1:1 Variable \"$x\" is not defined by operation \"Q\"."});
  EXPECT_EQ(said("{ echo(json: {a: [$x]}) }"), Said{"1:19 1:1 Variable \"$x\" is not defined."});
}

TEST(Validate, VariablesAreUsed) {
  EXPECT_EQ(said("query ($x: Int) { ...F } fragment F on Query { echo(int: $x) }"), nothing);
  EXPECT_EQ(said("query Q($x: Int) { echo }"), Said{"1:9 Variable \"$x\" is never used in operation \"Q\"."});
  EXPECT_EQ(said("query ($x: Int) { echo }"), Said{"1:8 Variable \"$x\" is never used."});
}

TEST(Validate, VariablesFitTheirPlaces) {
  EXPECT_EQ(said("query ($a: Int!, $b: Int = 1, $c: Int, $d: [Int!]!) { a: account(id: $a) { id } b: account(id: $b) "
                 "{ id } c: echo(size: $c) d: accounts(ids: $d) { id } e: accounts(ids: [$a]) { id } }"),
            nothing);
  EXPECT_EQ(
      said(
          "query ($a: Int, $b: String!, $c: [String]) { account(id: $a) { id } echo(int: $b) accounts(ids: $c) { id } }"),
      (Said{"1:8 1:58 Variable \"$a\" of type \"Int\" used in position expecting type \"Int!\".",
            "1:17 1:79 Variable \"$b\" of type \"String!\" used in position expecting type \"Int\".",
            "1:30 1:97 Variable \"$c\" of type \"[String]\" used in position expecting type \"[Int!]\"."}));
}

TEST(Validate, ReportsSoManyProblemsAndNoMore) {
  std::string source = "{";
  for (int i = 0; i < 300; ++i) source += " no" + std::to_string(i);
  const Problems problems = problems_of(source + "}");
  ASSERT_EQ(problems.size(), 101U);
  EXPECT_EQ(problems.back().message, "Too many validation errors, error limit reached. Validation aborted.");
}

TEST(Validate, KeepsMessagesShort) {
  const std::string name(10'000, 'a');
  for (const Problem& problem : problems_of("{" + name + "(x: \"" + name + "\") echo(int: \"" + name + "\")}")) {
    EXPECT_LT(problem.message.size(), 600U);
  }
}

TEST(Validate, ManyAliasesCostLittle) {
  std::string source = "{";
  for (int i = 0; i < 10'000; ++i) source += " a" + std::to_string(i) + ":echo";
  const Document many = document(source + "}");
  EXPECT_LT(milliseconds([&] { EXPECT_TRUE(validate(many, schema(), {}).empty()); }), 500);

  std::string same = "{";
  for (int i = 0; i < 5'000; ++i) same += " accounts(first: 1) { id }";
  const Document repeated = document(same + "}");
  EXPECT_LT(milliseconds([&] { EXPECT_TRUE(validate(repeated, schema(), {}).empty()); }), 500);
}

TEST(Validate, RefusesFragmentsThatMultiply) {
  // Every fragment spreads the next one twice under different keys, the merged sets of which all differ.
  std::string source = "{ accounts { ...F0 } }";
  for (int i = 0; i < 40; ++i) {
    const std::string next = i == 39 ? "id" : "...F" + std::to_string(i + 1);
    source += " fragment F" + std::to_string(i) + " on Account { a: best { " + next + " } b: best { " + next + " } }";
  }
  EXPECT_EQ(said(source), nothing);  // 2^40 fields, but 40 sets

  // Which of the last 25 keys were "a" makes another set each time.
  std::string automaton = "{ accounts { ...S } } fragment S on Account { a: best { ...S1 ...T0 } b: best { ...S1 } }";
  for (int i = 1; i < 60; ++i) {
    const std::string next = i == 59 ? "id" : "...S" + std::to_string(i + 1);
    automaton +=
        " fragment S" + std::to_string(i) + " on Account { a: best { " + next + " ...T0 } b: best { " + next + " } }";
  }
  for (int i = 0; i < 25; ++i) {
    const std::string next = i == 24 ? "id" : "...T" + std::to_string(i + 1);
    automaton +=
        " fragment T" + std::to_string(i) + " on Account { a: best { " + next + " } b: best { " + next + " } }";
  }
  const Document hostile = document(automaton);
  const double took = milliseconds([&] {
    const Problems problems = validate(hostile, schema(), {});
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].message, "Document is too complex to be validated.");
  });
  EXPECT_LT(took, 1'000);
}

TEST(Validate, RefusesWhatIsTooDeepOnceSpread) {
  std::string source = "{ ...F0 }";
  for (int i = 0; i < 5'000; ++i) {
    const std::string next = i == 4'999 ? "__typename" : "...F" + std::to_string(i + 1);
    source += " fragment F" + std::to_string(i) + " on Query { " + next + " }";
  }
  EXPECT_EQ(problems_of(source)[0].message, "Document is nested more than 200 levels deep.");
  std::string cycle = source;
  cycle.replace(cycle.rfind("__typename"), 10, "...F0");
  EXPECT_EQ(problems_of(cycle)[0].message, "Document is nested more than 200 levels deep.");
  EXPECT_EQ(said("{ accounts { best { ...F } } } fragment F on Account { best { id } }", {.max_depth = 5}), nothing);
  EXPECT_EQ(said("{ accounts { best { ...F } } } fragment F on Account { best { id } }", {.max_depth = 4}),
            Said{"1:1 Document is nested more than 4 levels deep."});
}

TEST(Validate, ManyOperationsThroughManyFragmentsAreBounded) {
  std::string source;
  for (int i = 0; i < 2'000; ++i) source += "query Q" + std::to_string(i) + " { ...A0 } ";
  for (int i = 0; i < 1'000; ++i) {
    source += "fragment A" + std::to_string(i) + " on Query { ";
    source += i == 0 ? "" : "__typename ";
    if (i == 0) {
      for (int j = 1; j < 1'000; ++j) source += "...A" + std::to_string(j) + " ";
    }
    source += "} ";
  }
  const Document hostile = document(source);
  const double took = milliseconds([&] { EXPECT_EQ(validate(hostile, schema(), {}).size(), 1U); });
  EXPECT_LT(took, 1'000);
}

}  // namespace
}  // namespace ballast::graphql
