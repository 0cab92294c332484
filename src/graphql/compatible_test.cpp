#include <gtest/gtest.h>

#include <string>

#include "graphql/coerce.hpp"
#include "graphql/collect.hpp"
#include "graphql/compatible_validation.hpp"
#include "graphql/parser.hpp"
#include "graphql/print_input.hpp"
#include "graphql/test_schema.hpp"

namespace ballast::graphql {
namespace {

const Schema& schema() {
  static const SchemaPtr made = TestSchema::make();
  return *made;
}

Document parsed(std::string_view source) {
  auto result = parse(source, {});
  if (const auto* problem = std::get_if<Problem>(&result)) ADD_FAILURE() << problem->message;
  return std::get<Document>(std::move(result));
}

std::string listed(const Problems& problems) {
  std::string out;
  for (const Problem& problem : problems) {
    out += out.empty() ? "" : "\n";
    if (!problem.path.empty()) out += problem.path.front() + ": ";
    out += problem.message;
  }
  return out;
}

std::string of_document(std::string_view source) { return listed(validate_compatibly(parsed(source), schema(), {})); }

/// What is wrong with what an operation reaches; otherwise the arguments of its root fields.
class Reached {
 public:
  explicit Reached(std::string_view source, std::string_view variables = "{}")
      : document_(parsed(source)),
        variables_(given(document_.operations.front(), variables)),
        collector_(document_, schema(), variables_, {}, Checked::compatibly) {
    for (const CollectedField& field : collector_.root(document_.operations.front(), *schema().query())) {
      arguments_ += field.key;
      for (const auto& argument : field.arguments) {
        arguments_ += " " + argument.definition->name + "=" + print(argument.value);
      }
      descend(field);
    }
    problems_ = listed(collector_.take_problems());
  }

  std::string text() const { return problems_.empty() ? arguments_ : problems_; }

 private:
  static Variables given(const Operation& operation, std::string_view json) {
    auto result = untyped_variables(operation, json, {});
    if (const auto* problems = std::get_if<Problems>(&result)) ADD_FAILURE() << problems->front().message;
    return std::get<Variables>(std::move(result));
  }
  void descend(const CollectedField& field) {
    const TypeDefinition* type = field.definition->type.named;
    if (type->kind != TypeKind::object) return;
    for (const CollectedField& below : collector_.of(field, *type)) descend(below);
  }

  Document document_;
  Variables variables_;
  Collector collector_;
  std::string arguments_;
  std::string problems_;
};

std::string reached(std::string_view source, std::string_view variables = "{}") {
  return Reached(source, variables).text();
}

TEST(Compatible, DocumentsHaveOperationsThatCanBeToldApartAndFragmentsThatEnd) {
  EXPECT_EQ(of_document("{ a } { b }"), "Anonymous operations must be the only defined operation");
  EXPECT_EQ(of_document("query A { a } { b }"), "Anonymous operations must be the only defined operation");
  EXPECT_EQ(of_document("query A { a } query A { b }"), "Operation names must be unique");
  EXPECT_EQ(of_document("{ a } fragment F on Nothing { b { ...F } }"), "Found a cycle between fragments");
  EXPECT_EQ(of_document("query ($unused: Nothing) { unknown } fragment Unused on Nothing { ...Missing }"), "");
}

TEST(Compatible, FieldsAreLookedForWhereTheyAreReached) {
  EXPECT_EQ(reached("{ dne }"), "dne: Unknown field \"dne\" on type Query");
  EXPECT_EQ(reached("{ a: account(id: 1) { best { dne } } }"), "a: Unknown field 'dne' on type 'Account'");
  EXPECT_EQ(reached("{ account(id: 1) { ...F } }"), "account: no fragment named F");
  EXPECT_EQ(reached("{ account(id: 1) { dne @skip(if: true) ... on Nothing { dne } } }"), "account id=1");
  EXPECT_EQ(reached("{ account(id: 1) { a: id a: email } }"), "account: Fields `id` and `email` are different");
  EXPECT_EQ(reached("{ account(id: 1) { id } account(id: 2) { id } }"),
            "account: Two fields named `account` have different arguments");
}

TEST(Compatible, ConditionsNeedAValue) {
  const std::string source = "query ($v: Boolean) { account(id: 1) { id @skip(if: $v) } }";
  EXPECT_EQ(reached(source), "account: Value for \"if\" in @skip directive is required");
  EXPECT_EQ(reached(source, R"({"v": false})"), "account id=1");
  EXPECT_EQ(reached("{ account(id: 1) { id @include } }"), "account: Incorrect arguments to directive @include");
  EXPECT_EQ(reached("{ account(id: 1) { id @live } }"), "account: Unknown directive live");
}

TEST(Compatible, ValuesAreComparedWithTheirPlacesWhateverVariablesAreDeclaredAs) {
  EXPECT_EQ(reached("query ($id: String) { account(id: $id) { id } }", R"({"id": 3})"), "account id=3");
  EXPECT_EQ(reached("query ($id: Int) { account(id: $id) { id } }", R"({"id": "3"})"),
            "account: Invalid input for Int type");
  EXPECT_EQ(reached("query ($id: Int) { account(id: $id) { id } }"), "account: Invalid input for NonNull type");
  EXPECT_EQ(reached("{ account { id } }"), "account: Invalid input for NonNull type");
  EXPECT_EQ(reached("{ account(id: null) { id } }"), "account: Invalid input for NonNull type");
  EXPECT_EQ(reached("{ account(id: 1, x: 2, y: 3) { id } }"), "account: Input contains extra keys [\"x\", \"y\"]");
  EXPECT_EQ(reached("query ($c: Whatever = RED) { accounts(color: $c) { id } }"), "accounts color=RED");
  EXPECT_EQ(reached("query ($c: Color) { accounts(color: $c) { id } }", R"({"c": "PINK"})"),
            "accounts: Invalid input for Color type");
  EXPECT_EQ(reached("query ($f: AccountFilter) { accounts(filter: $f) { id } }", R"({"f": "[]"})"),
            "accounts: Invalid input for AccountFilter type");
  EXPECT_EQ(reached("{ accounts(filter: {dne: 1}) { id } }"),
            "accounts: Input for type AccountFilter contains extra keys [\"dne\"]");
  EXPECT_EQ(reached("query ($i: Int) { accounts(ids: [$i]) { id } }"), "accounts: Invalid input for NonNull type");
  EXPECT_EQ(reached("query ($i: Int) { accounts(ids: $i, filter: {id: {eq: $j}}) { id } }", R"({"i": 4})"),
            "accounts filter={id: {}} ids=[4]");
}

TEST(Compatible, SomeScalarsAreStrings) {
  EXPECT_EQ(reached("{ echo(bigFloat: 1.5) }"), "echo: Invalid input for BigFloat type. String required");
  EXPECT_EQ(reached("{ echo(json: {a: 1}) }"), "echo: Invalid input for JSON type");
}

}  // namespace
}  // namespace ballast::graphql
