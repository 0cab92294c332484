#include "graphql/directive.hpp"

#include <gtest/gtest.h>

namespace ballast::graphql {
namespace {

CommentDirective read(std::string_view comment) {
  auto directive = directive_of(comment);
  EXPECT_TRUE(directive) << comment;
  return directive ? *directive : CommentDirective{};
}

std::string mistake(std::string_view comment) {
  const auto directive = directive_of(comment);
  EXPECT_FALSE(directive) << comment;
  return directive ? "" : directive.error().message;
}

TEST(Directive, IsFoundAmongOtherWords) {
  EXPECT_EQ(read("People (who pay). @graphql({\"name\": \"Payer\"}) See above.").name, "Payer");
  EXPECT_EQ(read("\n  @graphql(\n {\"name\": \"A)\"} \n)").name, "A)");
}

TEST(Directive, MayBeMissing) {
  EXPECT_EQ(read(""), CommentDirective{});
  EXPECT_EQ(read("the graphql({}) of an account"), CommentDirective{});
}

TEST(Directive, SaysWhatSchemasDo) {
  const auto directive =
      read(R"(@graphql({"inflect_names": true, "max_rows": 7, "introspection": false, "resolve_base_type": true}))");
  EXPECT_EQ(directive.inflect_names, true);
  EXPECT_EQ(directive.max_rows, 7U);
  EXPECT_EQ(directive.introspection, false);
  EXPECT_EQ(directive.resolve_base_type, true);
}

TEST(Directive, SaysWhatRelationsHave) {
  const auto directive = read(R"(@graphql({
    "totalCount": {"enabled": true}, "aggregate": {"enabled": true}, "description": "Line\nline",
    "primary_key_columns": ["a", "b"],
    "foreign_keys": [{"local_columns": ["c"], "foreign_schema": "public", "foreign_table": "t",
                      "foreign_columns": ["id"], "local_name": "cs", "foreign_name": null}]}))");
  EXPECT_TRUE(directive.total_count);
  EXPECT_TRUE(directive.aggregate);
  EXPECT_EQ(directive.description, "Line\nline");
  EXPECT_EQ(directive.primary_key_columns, (std::vector<std::string>{"a", "b"}));
  const DeclaredForeignKey key{.local_name = "cs",
                               .foreign_name = "",
                               .local_columns = {"c"},
                               .foreign_schema = "public",
                               .foreign_table = "t",
                               .foreign_columns = {"id"}};
  EXPECT_EQ(directive.foreign_keys, std::vector{key});
}

TEST(Directive, NamesBothEndsOfForeignKeysAndLabelsOfEnums) {
  const auto directive =
      read(R"(@graphql({"local_name": "posts", "foreign_name": "author", "mappings": {"a-b": "A_B"}}))");
  EXPECT_EQ(directive.local_name, "posts");
  EXPECT_EQ(directive.foreign_name, "author");
  EXPECT_EQ(directive.mappings, (std::vector<std::pair<std::string, std::string>>{{"a-b", "A_B"}}));
}

TEST(Directive, IgnoresWhatItDoesNotKnow) {
  EXPECT_EQ(read(R"(@graphql({"colour": [1, {"a": null}], "name": null}))"), CommentDirective{});
}

TEST(Directive, SaysWhatIsWrongAsPgGraphqlDoes) {
  EXPECT_EQ(mistake(R"(@graphql({"foreign_keys": [{"local_columns": "account_id"}]}))"),
            "invalid type: string \"account_id\", expected a sequence");
  EXPECT_EQ(mistake(R"(@graphql({"inflect_names": 1}))"), "invalid type: integer `1`, expected a boolean");
  EXPECT_EQ(mistake(R"(@graphql({"max_rows": 1.5}))"), "invalid type: floating point `1.5`, expected u64");
  EXPECT_EQ(mistake(R"(@graphql({"max_rows": -1}))"), "invalid value: integer `-1`, expected u64");
  EXPECT_EQ(mistake(R"(@graphql({"name": ["a"]}))"), "invalid type: sequence, expected a string");
  EXPECT_EQ(mistake(R"(@graphql([]))"), "invalid type: sequence, expected a map");
  EXPECT_EQ(mistake(R"(@graphql({"totalCount": true}))"), "invalid type: boolean `true`, expected a map");
  EXPECT_EQ(mistake(R"(@graphql({"foreign_keys": [{}]}))"), "missing field `local_columns`");
}

TEST(Directive, IsParsedAndNeverTrusted) {
  for (const auto* const comment :
       {"@graphql(", "@graphql()", "@graphql({)", "@graphql({}", "@graphql({} x)", "@graphql({\"name\": \"\xff\"})",
        "@graphql({\"max_rows\": 99999999999999999999})"}) {
    EXPECT_NE(mistake(comment), "") << comment;
  }
  EXPECT_NE(mistake("@graphql({\"a\": " + std::string(100, '[') + std::string(100, ']') + "})"), "");
  EXPECT_NE(mistake("@graphql({\"a\": \"" + std::string(max_directive_bytes, 'a') + "\"})"), "");
  std::string columns = "\"a\"";
  for (std::size_t i = 0; i < max_directive_list; ++i) columns += ",\"a\"";
  EXPECT_NE(mistake("@graphql({\"primary_key_columns\": [" + columns + "]})"), "");
}

}  // namespace
}  // namespace ballast::graphql
