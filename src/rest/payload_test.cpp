#include "rest/payload.hpp"

#include <gtest/gtest.h>

namespace ballast::rest {
namespace {

Payload json(std::string body) {
  auto payload = parse_payload(BodyType::json, std::move(body), 8);
  EXPECT_TRUE(payload.ok()) << (payload.ok() ? "" : payload.error().message + payload.error().details);
  return payload.ok() ? std::move(payload).value() : Payload{};
}

Error refused(std::string body, BodyType type = BodyType::json) {
  auto payload = parse_payload(type, std::move(body), 8);
  EXPECT_FALSE(payload.ok());
  return payload.ok() ? Error{} : payload.error();
}

TEST(JsonBody, AnObjectBecomesAnArrayOfOne) {
  const auto payload = json(R"( {"a":1,"b":{"c":[]}} )");
  EXPECT_EQ(payload.json, R"([ {"a":1,"b":{"c":[]}} ])");
  EXPECT_EQ(payload.keys, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(payload.rows, 1U);
}

TEST(JsonBody, AnArrayStaysAsItIs) {
  const auto payload = json("[{\"a\":9007199254740993},\n{\"a\":2}]");
  EXPECT_EQ(payload.json, "[{\"a\":9007199254740993},\n{\"a\":2}]");
  EXPECT_EQ(payload.rows, 2U);
  EXPECT_TRUE(payload.uniform);
}

TEST(JsonBody, EmptyArraysAndObjectsAreBodies) {
  EXPECT_EQ(json("[]").rows, 0U);
  EXPECT_EQ(json("{}").rows, 1U);
  EXPECT_EQ(json("[{},{}]").rows, 2U);
}

TEST(JsonBody, KeysAreComparedWhateverTheirOrderAndSpelling) {
  EXPECT_TRUE(json(R"([{"a":1,"b":2},{"\u0062":3,"a":4}])").uniform);
  EXPECT_FALSE(json(R"([{"a":1},{"b":2}])").uniform);
  EXPECT_FALSE(json(R"([{"a":1},{"a":2,"b":2}])").uniform);
}

TEST(JsonBody, WhatIsNoJsonFromTheStartIsSaidAsPostgrestDoes) {
  for (const auto* body : {"", "  ", "}{ x = 2", "x"}) {
    const auto error = refused(body);
    EXPECT_EQ(error.status, 400) << body;
    EXPECT_EQ(error.code, "PGRST102") << body;
    EXPECT_EQ(error.message, "Empty or invalid json") << body;
    EXPECT_EQ(error.details, "") << body;
  }
}

TEST(JsonBody, MistakesAreSaidWithLineAndColumn) {
  const auto error = refused("{\"a\":1,\n  \"b\":tru}");
  EXPECT_EQ(error.message, "Empty or invalid json");
  EXPECT_EQ(error.details, "line 2, column 7: expected a value");
  EXPECT_EQ(refused("{\"a\" 1}").details, "line 1, column 6: expected ':' after the key");
  EXPECT_EQ(refused("[{\"a\":1} x").details, "line 1, column 10: expected ',' or ']'");
  EXPECT_EQ(refused("{\"a\":1}}").details, "line 1, column 8: expected the end of the body");
}

TEST(JsonBody, OnlyObjectsAreRows) {
  EXPECT_EQ(refused("1").code, "PGRST102");
  EXPECT_EQ(refused("\"text\"").code, "PGRST102");
  EXPECT_EQ(refused("[1,2]").message, "All object keys must match");
}

TEST(JsonBody, NestingIsBounded) {
  EXPECT_EQ(json(R"({"a":[[[[[]]]]]})").rows, 1U);
  const auto error = refused("{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}");
  EXPECT_EQ(error.code, "PGRST102");
  EXPECT_EQ(error.message, "the JSON body is nested too deeply: at most 8 levels are allowed");
}

TEST(JsonBody, InvalidUtf8IsRefusedWithItsPlace) {
  const auto error = refused("{\"a\":\"\xff\"}");
  EXPECT_EQ(error.message, "the body is not valid UTF-8");
  EXPECT_EQ(error.details, "line 1, column 7");
}

TEST(JsonBody, HalvesOfSurrogatePairsAndNulAreRefusedAsPostgresDoes) {
  EXPECT_EQ(json(R"({"a":"\ud83d\ude80 \\ud800 \u00e9"})").rows, 1U);
  EXPECT_EQ(refused(R"({"a":"\ud800"})").code, "22P02");
  EXPECT_EQ(refused(R"({"a":"\ud800\u0041"})").details, "Unicode low surrogate must follow a high surrogate.");
  EXPECT_EQ(refused(R"({"a":"\udc00"})").details, "Unicode high surrogate must come before a low surrogate.");
  EXPECT_EQ(refused(R"({"a":[{"b":"\u0000"}]})").code, "22P05");
}

TEST(CsvBody, BecomesObjectsOfStrings) {
  const auto payload = parse_payload(BodyType::csv, "a,b\r\n1,\"x,\"\"y\"\"\n\"\nNULL,\"NULL\"\n", 8);
  ASSERT_TRUE(payload.ok());
  EXPECT_EQ(payload->json, R"([{"a":"1","b":"x,\"y\"\n"},{"a":null,"b":"NULL"}])");
  EXPECT_EQ(payload->keys, (std::vector<std::string>{"a", "b"}));
}

TEST(CsvBody, LinesOfOtherLengthsAreRefused) {
  EXPECT_EQ(refused("a,b\nfoo,bar\nbaz", BodyType::csv).message, "All lines must have same number of fields");
  EXPECT_EQ(refused("", BodyType::csv).code, "PGRST102");
  EXPECT_EQ(refused("a\nx\"y\n", BodyType::csv).code, "PGRST102");
  EXPECT_EQ(refused("a,a\n1,2\n", BodyType::csv).code, "PGRST102");
}

TEST(FormBody, BecomesOneObjectOfStrings) {
  const auto payload = parse_payload(BodyType::form, "integer=7&varchar=forms+are%20fun", 8);
  ASSERT_TRUE(payload.ok());
  EXPECT_EQ(payload->json, R"([{"integer":"7","varchar":"forms are fun"}])");
}

TEST(PayloadRows, GiveValuesAsText) {
  const auto payload = json(R"([{"id":1,"n":"Java"},{"n":null,"id":"x\"y"},{}])");
  const auto rows = payload_rows(payload, {"n", "id"}, 8);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].json, R"({"id":1,"n":"Java"})");
  EXPECT_EQ(rows[0].values[0], "Java");
  EXPECT_EQ(rows[0].values[1], "1");
  EXPECT_EQ(rows[1].values[0], std::nullopt);
  EXPECT_EQ(rows[1].values[1], "x\"y");
  EXPECT_EQ(rows[2].values[1], std::nullopt);
}

}  // namespace
}  // namespace ballast::rest
