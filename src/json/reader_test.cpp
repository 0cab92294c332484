#include "json/reader.hpp"

#include <gtest/gtest.h>

#include "json/scanner.hpp"

namespace ballast::json {
namespace {

std::string details_of(std::string_view text, Limits limits = {}) {
  const auto result = parse(text, limits);
  EXPECT_FALSE(result.ok()) << text;
  if (result.ok()) return "";
  EXPECT_EQ(result.error().code, "PGRST102");
  EXPECT_EQ(result.error().status, 400);
  EXPECT_EQ(result.error().message, "Empty or invalid json");
  return result.error().details;
}

TEST(JsonReader, KeepsNumbersAsWritten) {
  const auto document = parse(R"( {"a":12345678901234567890.10,"b":1e400} )");
  ASSERT_TRUE(document.ok());
  const Members got = members(document->raw);
  EXPECT_EQ(got, (Members{{"a", "12345678901234567890.10"}, {"b", "1e400"}}));
}

TEST(JsonReader, SaysWhereTheMistakeIs) {
  EXPECT_EQ(details_of(""), "line 1, column 1: expected a value");
  EXPECT_EQ(details_of("{\n  \"a\" 1}"), "line 2, column 7: expected ':' after the key");
  EXPECT_EQ(details_of("[1,]"), "line 1, column 4: expected a value");
  EXPECT_EQ(details_of("{\"\xC3\xA9\":tru}"), "line 1, column 6: expected a value");
  EXPECT_EQ(details_of("[1] x"), "line 1, column 5: expected nothing after the value");
  EXPECT_EQ(details_of("\"a\xFF\""), "line 1, column 3: expected UTF-8");
}

TEST(JsonReader, RefusesWhatTheGrammarDoesNotHave) {
  for (const std::string_view text :
       {"{",   "[", "{'a':1}", "{a:1}",       "[1 2]",  "01",     "1.",  ".5",         "+1", "1e",
        "NaN", "-", "\"\\x\"", "\"\\u12g4\"", "\"\t\"", "\"open", "nul", "{\"a\":1,}", "]",  "\"\\"}) {
    EXPECT_FALSE(parse(text).ok()) << text;
  }
}

TEST(JsonReader, AcceptsWhatTheGrammarHas) {
  for (const std::string_view text : {"null", " true ", "-0", "0.5e-7", "[]", "{}", "[[],{}]", R"("\u00e9\"\\\/")"}) {
    EXPECT_TRUE(parse(text).ok()) << text;
  }
}

TEST(JsonReader, RefusesTooDeepNesting) {
  EXPECT_EQ(details_of("[[[1]]]", {.depth = 2}), "line 1, column 3: expected at most 2 levels of nesting");
  EXPECT_TRUE(parse("[[1]]", {.depth = 2}).ok());
  EXPECT_FALSE(parse(std::string(1'000'000, '[')).ok());
}

TEST(JsonReader, RefusesTooMuchText) {
  const auto result = parse("[1,2,3]", {.size = 4});
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().status, 413);
}

TEST(JsonReader, LetsTheLastOfDuplicateKeysWin) {
  EXPECT_EQ(members(R"({"a":1,"b":2,"a":3})"), (Members{{"a", "3"}, {"b", "2"}}));
  std::string many = "{";
  for (int i = 0; i < 40; ++i) many += "\"k" + std::to_string(i % 20) + "\":" + std::to_string(i) + ",";
  many.back() = '}';
  const Members got = members(many);
  ASSERT_EQ(got.size(), 20U);
  EXPECT_EQ(got[3], (Member{"k3", "23"}));
}

TEST(JsonReader, DecodesKeysAndStrings) {
  EXPECT_EQ(members(R"({"\u0061\n":1})")[0].key, "a\n");
  EXPECT_EQ(string_value(R"("\ud83d\ude00")"), "\xF0\x9F\x98\x80");
  EXPECT_EQ(string_value(R"("\ud83d!")"), "\xEF\xBF\xBD!");
}

TEST(JsonReader, WalksAnArray) {
  std::vector<std::string> seen;
  const auto visited = each_element(R"([1, {"a":[2]} ,"x"])", [&](std::string_view element) -> Result<void> {
    seen.emplace_back(element);
    return {};
  });
  EXPECT_TRUE(visited.ok());
  EXPECT_EQ(seen, (std::vector<std::string>{"1", R"({"a":[2]})", R"("x")"}));
}

TEST(JsonScanner, StripsNullMembersEverywhere) {
  std::string out;
  append_stripped(out, R"( {"a" : null, "b":[null,{"c":null}], "d":{"e":1,"f":null}} )");
  EXPECT_EQ(out, R"({"b":[null,{}],"d":{"e":1}})");
}

}  // namespace
}  // namespace ballast::json
