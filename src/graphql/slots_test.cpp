#include "graphql/slots.hpp"

#include <gtest/gtest.h>

#include <string>

#include "graphql/coerce.hpp"
#include "graphql/parser.hpp"
#include "graphql/schema_builder.hpp"
#include "graphql/test_catalog.hpp"

namespace ballast::graphql {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)

SchemaPtr accounts() {
  policy::Rules rules;
  rules.open = true;
  const policy::Principal principal{.role = "anon"};
  return build_schema(snapshot({table("account", {serial(), column("email", "text")})}), RulesAccess(rules, principal),
                      {});
}

/// What decides the plan of a request with these variables.
std::string key(std::string_view source, std::string_view variables) {
  static const SchemaPtr schema = accounts();
  const auto document = std::get<Document>(parse(source, {}));
  const Operation& operation = document.operations.front();
  std::string out;
  Slots(operation, document, *schema)
      .append_key(out, operation, std::get<Variables>(untyped_variables(operation, variables, {})));
  return out;
}

TEST(Slots, ValuesOfOneKindShareAPlan) {
  constexpr auto by_key = "query ($id: Int!) { accountByPk(id: $id) { email } }";
  EXPECT_EQ(key(by_key, R"({"id": 1})"), key(by_key, R"({"id": 2})"));
  EXPECT_NE(key(by_key, R"({"id": 1})"), key(by_key, R"({"id": "1"})"));
  EXPECT_NE(key(by_key, R"({"id": 1})"), key(by_key, R"({"id": 1.5})"));
  EXPECT_NE(key(by_key, R"({"id": [1]})"), key(by_key, R"({"id": [2]})"));
  EXPECT_NE(key(by_key, R"({"id": null})"), key(by_key, "{}"));
}

TEST(Slots, ValuesThatShapeTheStatementHaveNone) {
  constexpr auto page = "query ($n: Int) { accountCollection(first: $n) { edges { node { id } } } }";
  EXPECT_NE(key(page, R"({"n": 1})"), key(page, R"({"n": 2})"));
}

}  // namespace
}  // namespace ballast::graphql
