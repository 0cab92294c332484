#include "graphql/argument_default.hpp"

#include <gtest/gtest.h>

namespace ballast::graphql {
namespace {

TEST(ArgumentDefault, ReadsWhatLiteralsSay) {
  EXPECT_EQ(argument_default("2", "Int"), (Input{Input::Number{"2", true}, {}}));
  EXPECT_EQ(argument_default("'-1'::integer", "Int"), (Input{Input::Number{"-1", true}, {}}));
  EXPECT_EQ(argument_default("1.5", "Float"), (Input{Input::Number{"1.5", false}, {}}));
  EXPECT_EQ(argument_default("true", "Boolean"), (Input{true, {}}));
  EXPECT_EQ(argument_default("'it''s'::text", "String"), (Input{std::string("it's"), {}}));
  EXPECT_EQ(argument_default("'a'::character varying(10)", "String"), (Input{std::string("a"), {}}));
  EXPECT_EQ(argument_default("3", "BigInt"), (Input{std::string("3"), {}})) << "BigInt is written as a string";
}

TEST(ArgumentDefault, LeavesExpressionsToTheDatabase) {
  for (const auto* const sql :
       {"", "NULL", "NULL::integer", "public.uid()", "(1 + 1)", "1 + 1", "'a'::text || 'b'::text", "E'\\n'::text",
        "'open", "now()", "CURRENT_DATE", "2::integer + f()"}) {
    EXPECT_EQ(argument_default(sql, "String"), std::nullopt) << sql;
    EXPECT_EQ(argument_default(sql, "Int"), std::nullopt) << sql;
  }
}

TEST(ArgumentDefault, GivesNoneThatItsTypeCannotHave) {
  EXPECT_EQ(argument_default("'x'::text", "Int"), std::nullopt);
  EXPECT_EQ(argument_default("1.5", "Int"), std::nullopt);
  EXPECT_EQ(argument_default("1", "Boolean"), std::nullopt);
}

}  // namespace
}  // namespace ballast::graphql
