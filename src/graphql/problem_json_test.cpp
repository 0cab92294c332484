#include "graphql/problem_json.hpp"

#include <gtest/gtest.h>

namespace ballast::graphql {
namespace {

const Problems problems = {{"say \"x\"", {{1, 2}, {3, 4}}, "BAD_USER_INPUT", {"a", "b"}}, {"alone", {}, {}, {}}};

TEST(ProblemJson, TellsEverything) {
  EXPECT_EQ(problems_body(problems, Settings::Errors::full),
            R"({"errors":[{"message":"say \"x\"","locations":[{"line":1,"column":2},{"line":3,"column":4}],)"
            R"("path":["a","b"],"extensions":{"code":"BAD_USER_INPUT"}},{"message":"alone"}]})");
}

TEST(ProblemJson, TellsTheMessageAlone) {
  EXPECT_EQ(problems_body(problems, Settings::Errors::compatible),
            R"({"errors":[{"message":"say \"x\""},{"message":"alone"}]})");
}

}  // namespace
}  // namespace ballast::graphql
