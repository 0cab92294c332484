#include "graphql/coerce.hpp"

#include <gtest/gtest.h>

#include <string>

#include "graphql/parser.hpp"
#include "graphql/print_input.hpp"
#include "graphql/test_schema.hpp"

namespace ballast::graphql {
namespace {

const Schema& schema() {
  static const SchemaPtr made = TestSchema::make();
  return *made;
}

std::variant<Variables, Problems> coerce(std::string_view definitions, std::string_view json,
                                         const CoercionLimits& limits = {}) {
  const auto parsed = parse("query (" + std::string(definitions) + ") { __typename }", {});
  const auto* document = std::get_if<Document>(&parsed);
  if (document == nullptr) {
    ADD_FAILURE() << std::get<Problem>(parsed).message;
    return Problems{};
  }
  return coerce_variables(document->operations.front(), schema(), json, limits);
}

/// `x: 1, y: [RED]`, or the messages, one a line.
std::string coerced(std::string_view definitions, std::string_view json, const CoercionLimits& limits = {}) {
  const auto result = coerce(definitions, json, limits);
  std::string out;
  if (const auto* variables = std::get_if<Variables>(&result)) {
    for (const auto& [name, value] : *variables) out += (out.empty() ? "" : ", ") + name + ": " + print(value);
    return out;
  }
  for (const Problem& problem : std::get<Problems>(result)) {
    EXPECT_EQ(problem.code, "BAD_USER_INPUT");
    out += (out.empty() ? "" : "\n") + problem.message;
  }
  return out;
}

/// Of one variable `$x` that is given `json`.
std::string one(std::string_view type, std::string_view json) {
  return coerced("$x: " + std::string(type), "{\"x\":" + std::string(json) + "}");
}

std::string refused(std::string_view type, std::string_view json, std::string_view shown) {
  const std::string prefix = "Variable \"$x\" got invalid value " + std::string(shown) + "; ";
  const std::string message = one(type, json);
  EXPECT_TRUE(message.starts_with(prefix)) << message;
  return message.substr(std::min(prefix.size(), message.size()));
}

TEST(Coerce, Int) {
  EXPECT_EQ(one("Int", "-2147483648"), "x: -2147483648");
  EXPECT_EQ(one("Int", "1.0"), "x: 1");
  EXPECT_EQ(one("Int", "1e3"), "x: 1000");
  EXPECT_EQ(refused("Int", "\"a\"", "\"a\""), "Int cannot represent non-integer value: \"a\"");
  EXPECT_EQ(refused("Int", "1.5", "1.5"), "Int cannot represent non-integer value: 1.5");
  EXPECT_EQ(refused("Int", "2147483648", "2147483648"),
            "Int cannot represent non 32-bit signed integer value: 2147483648");
  EXPECT_EQ(refused("Int", "true", "true"), "Int cannot represent non-integer value: true");
}

TEST(Coerce, OtherScalarsOfTheSpecification) {
  EXPECT_EQ(one("Float", "0.10"), "x: 0.10");
  EXPECT_EQ(one("Float", "1e-400"), "x: 1e-400");
  EXPECT_EQ(refused("Float", "1e400", "1e400"), "Float cannot represent non numeric value: 1e400");
  EXPECT_EQ(refused("Float", "\"1\"", "\"1\""), "Float cannot represent non numeric value: \"1\"");
  EXPECT_EQ(one("String", R"("a\"\u00e9")"), "x: \"a\\\"é\"");
  EXPECT_EQ(refused("String", "1", "1"), "String cannot represent a non string value: 1");
  EXPECT_EQ(one("Boolean", "false"), "x: false");
  EXPECT_EQ(refused("Boolean", "0", "0"), "Boolean cannot represent a non boolean value: 0");
  EXPECT_EQ(one("ID", "12"), "x: \"12\"");
  EXPECT_EQ(one("ID", "\"a\""), "x: \"a\"");
  EXPECT_EQ(refused("ID", "1.5", "1.5"), "ID cannot represent value: 1.5");
}

TEST(Coerce, ScalarsOfTheDialectKeepWhatTheyAreGiven) {
  EXPECT_EQ(one("BigInt", "123456789012345678901234567890"), "x: 123456789012345678901234567890");
  EXPECT_EQ(one("BigInt", "\"-12\""), "x: \"-12\"");
  EXPECT_EQ(refused("BigInt", "\"twelve\"", "\"twelve\""), "BigInt cannot represent non-integer value: \"twelve\"");
  EXPECT_EQ(refused("BigInt", "1.5", "1.5"), "BigInt cannot represent non-integer value: 1.5");
  EXPECT_EQ(one("BigFloat", "0.1000"), "x: 0.1000");
  EXPECT_EQ(one("BigFloat", "\"NaN\""), "x: \"NaN\"");
  EXPECT_EQ(one("Datetime", "\"whatever\""), "x: \"whatever\"");
  EXPECT_EQ(refused("UUID", "1", "1"), "UUID cannot represent a non string value: 1");
  EXPECT_EQ(refused("Cursor", "{}", "{}"), "Cursor cannot represent a non string value: {}");
  EXPECT_EQ(one("JSON", R"("{\"a\": 1}")"), R"(x: "{\"a\": 1}")");
  EXPECT_EQ(one("JSON", R"({"a": [1.50, null, {"b": true}]})"), "x: {a: [1.50, null, {b: true}]}");
  EXPECT_EQ(one("Opaque", "1.50"), "x: 1.50");
  EXPECT_EQ(refused("Opaque", "[1]", "[1]"), "Opaque cannot represent value: [1]");
}

TEST(Coerce, Enumerations) {
  EXPECT_EQ(one("Color", "\"RED\""), "x: RED");
  EXPECT_EQ(refused("Color", "\"REDD\"", "\"REDD\""),
            "Value \"REDD\" does not exist in \"Color\" enum. Did you mean the enum value \"RED\"?");
  EXPECT_EQ(refused("Color", "1", "1"), "Enum \"Color\" cannot represent non-string value: 1.");
}

TEST(Coerce, Lists) {
  EXPECT_EQ(one("[Int]", "[1, null]"), "x: [1, null]");
  EXPECT_EQ(one("[Int]", "1"), "x: [1]");
  EXPECT_EQ(one("[[Int]]", "1"), "x: [[1]]");
  EXPECT_EQ(one("[Int]", "null"), "x: null");
  EXPECT_EQ(one("[Int!]", "[1, null]"),
            "Variable \"$x\" got invalid value null at \"x[1]\"; Expected non-nullable type \"Int!\" not to be null.");
}

TEST(Coerce, InputObjects) {
  EXPECT_EQ(one("AccountInput", R"({"email": "a", "tags": "b"})"),
            "x: {email: \"a\", tags: [\"b\"], color: RED, rank: 1}");
  EXPECT_EQ(one("AccountInput", R"({"email": "a", "color": null, "rank": 2, "email": "b"})"),
            "x: {email: \"b\", color: null, rank: 2}");
  EXPECT_EQ(refused("AccountInput", "\"a\"", "\"a\""), "Expected type \"AccountInput\" to be an object.");
  EXPECT_EQ(
      one("[AccountInput]", R"([{"email": "a", "emial": 1}, {"rank": null}])"),
      "Variable \"$x\" got invalid value { email: \"a\", emial: 1 } at \"x[0]\"; Field \"emial\" is not defined by "
      "type \"AccountInput\". Did you mean \"email\"?\n"
      "Variable \"$x\" got invalid value null at \"x[1].rank\"; Expected non-nullable type \"Int!\" not to be "
      "null.\n"
      "Variable \"$x\" got invalid value { rank: null } at \"x[1]\"; Field \"email\" of required type \"String!\" "
      "was not provided.");
}

TEST(Coerce, OneOfObjects) {
  EXPECT_EQ(one("Lookup", R"({"id": 1})"), "x: {id: 1}");
  EXPECT_EQ(refused("Lookup", R"({"id": 1, "email": "a"})", "{ id: 1, email: \"a\" }"),
            "Exactly one key must be specified for OneOf type \"Lookup\".");
  EXPECT_EQ(one("Lookup", R"({"id": null})"),
            "Variable \"$x\" got invalid value null at \"x.id\"; Field \"id\" must be non-null.");
}

TEST(Coerce, AbsentVariables) {
  EXPECT_EQ(coerced("$x: Int, $y: Int = 2, $z: Color! = RED", ""), "y: 2, z: RED");
  EXPECT_EQ(coerced("$y: Int = 2", R"({"y": null, "other": 1})"), "y: null");
  EXPECT_EQ(coerced("$x: Int!", "null"), "Variable \"$x\" of required type \"Int!\" was not provided.");
  EXPECT_EQ(one("Int!", "null"), "Variable \"$x\" of non-null type \"Int!\" must not be null.");
  EXPECT_EQ(coerced("$x: AccountInput = {email: \"a\"}", "{}"), "x: {email: \"a\", color: RED, rank: 1}");
}

TEST(Coerce, SaysWhereTheVariableIsDefined) {
  const auto result = coerce("$y: Int, $x: Int!", "{}");
  ASSERT_TRUE(std::holds_alternative<Problems>(result));
  EXPECT_EQ(std::get<Problems>(result)[0].at, (std::vector<Position>{{1, 17}}));
}

TEST(Coerce, RefusesWhatIsNoObject) {
  EXPECT_EQ(coerced("$x: Int", "[1]"), "Variables must be an object.");
  EXPECT_EQ(coerced("$x: Int", "{\"x\": }"), "Variables are invalid JSON: line 1, column 7: expected a value.");
}

TEST(Coerce, IsBounded) {
  EXPECT_EQ(coerced("$x: [Int]", R"({"x": [1, 2, 3]})", {.max_values = 4}),
            "Variables have too many values: at most 4 are allowed.");
  EXPECT_EQ(coerced("$x: [Int]", R"({"x": [1, 2]})", {.max_values = 4}), "x: [1, 2]");
  EXPECT_EQ(coerced("$x: [Int]", R"({"x": ["a", "b", "c"]})", {.max_problems = 1}),
            "Variable \"$x\" got invalid value \"a\" at \"x[0]\"; Int cannot represent non-integer value: \"a\"\n"
            "Too many errors processing variables, error limit reached. Execution aborted.");
  EXPECT_FALSE(
      coerced("$x: JSON", "{\"x\":" + std::string(1'000, '[') + std::string(1'000, ']') + "}").starts_with("x"));
  EXPECT_LT(one("Int", '"' + std::string(100'000, 'a') + '"').size(), 1'000U);
}

}  // namespace
}  // namespace ballast::graphql
