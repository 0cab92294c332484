#include "graphql/collect.hpp"

#include <gtest/gtest.h>

#include <string>

#include "graphql/coerce.hpp"
#include "graphql/parser.hpp"
#include "graphql/print_input.hpp"
#include "graphql/test_schema.hpp"
#include "graphql/validate.hpp"

namespace ballast::graphql {
namespace {

const Schema& schema() {
  static const SchemaPtr made = TestSchema::make();
  return *made;
}

/// One valid document with its variables, and what a collector makes of it.
class Request {
 public:
  explicit Request(std::string_view source, std::string_view variables = "{}", const CollectLimits& limits = {})
      : document_(parsed(source)),
        variables_(coerced(document_.operations.front(), variables)),
        collector_(document_, schema(), variables_, limits) {
    for (const Problem& problem : validate(document_, schema(), {})) ADD_FAILURE() << problem.message;
  }

  std::vector<CollectedField> root() {
    const Operation& operation = document_.operations.front();
    return collector_.root(operation,
                           operation.type == OperationType::query ? *schema().query() : *schema().mutation());
  }

  /// `accounts(first: 1) { id }`; of fields with several possible types what `object` has.
  std::string tree(std::string_view object = "Account") {
    std::string out;
    for (const CollectedField& field : root()) put(out, field, object);
    return out;
  }

  std::string problems() {
    std::string out;
    for (const Problem& problem : collector_.take_problems()) out += (out.empty() ? "" : "\n") + problem.message;
    return out;
  }

 private:
  static Document parsed(std::string_view source) {
    auto result = parse(source, {});
    if (const auto* problem = std::get_if<Problem>(&result)) ADD_FAILURE() << problem->message;
    return std::get<Document>(std::move(result));
  }
  static Variables coerced(const Operation& operation, std::string_view json) {
    auto result = coerce_variables(operation, schema(), json, {});
    if (const auto* problems = std::get_if<Problems>(&result)) ADD_FAILURE() << problems->front().message;
    return std::get<Variables>(std::move(result));
  }

  void put(std::string& out, const CollectedField& field, std::string_view object) {
    if (!out.empty() && !out.ends_with("{ ")) out += ' ';
    out += field.key;
    if (field.key != field.definition->name) out += ": " + field.definition->name;
    std::string arguments;
    for (const auto& argument : field.arguments) {
      arguments += (arguments.empty() ? "" : ", ") + argument.definition->name + ": " + print(argument.value);
    }
    if (!arguments.empty()) out += "(" + arguments + ")";
    const TypeDefinition* type = field.definition->type.named;
    if (!type->composite()) return;
    if (type->kind != TypeKind::object) type = schema().type(object);
    out += " { ";
    for (const CollectedField& below : collector_.of(field, *type)) put(out, below, object);
    out += " }";
  }

  Document document_;
  Variables variables_;
  Collector collector_;
};

TEST(Collect, MergesFieldsOfOneKey) {
  EXPECT_EQ(
      Request("{ account(id: 1) { id best { id } } __typename account(id: 1) { email best { email id } } }").tree(),
      "account(id: 1) { id best { id email } email } __typename");
  EXPECT_EQ(Request("{ account(id: 1) { a: id b: id a: id } }").tree(), "account(id: 1) { a: id b: id }");
}

TEST(Collect, SpreadsFragments) {
  EXPECT_EQ(Request("{ account(id: 1) { ...F ... on Node { nodeId } ... { color } ...F } }"
                    " fragment F on Account { email ...G } fragment G on Node { nodeId }")
                .tree(),
            "account(id: 1) { email nodeId color }");
}

TEST(Collect, TakesFragmentsOfTheObjectsType) {
  const std::string source =
      "{ things { __typename ... on Account { email } ... on Blog { title } ... on Node { nodeId } ...T } }"
      " fragment T on Thing { ... on Blog { id } }";
  EXPECT_EQ(Request(source).tree("Account"), "things { __typename email nodeId }");
  EXPECT_EQ(Request(source).tree("Blog"), "things { __typename title nodeId id }");
}

TEST(Collect, DefinitionsAreTheObjectsOwn) {
  Request request("{ node(nodeId: \"a\") { nodeId } }");
  const auto root = request.root();
  ASSERT_EQ(root.size(), 1U);
  EXPECT_EQ(root[0].definition->name, "node");
  EXPECT_EQ(root[0].at, (Position{1, 3}));
}

TEST(Collect, SkipsAndIncludes) {
  const std::string source =
      "query ($yes: Boolean!, $no: Boolean!) { a: echo @skip(if: true) b: echo @include(if: false)"
      " c: echo @skip(if: $no) @include(if: $yes) d: echo @skip(if: $yes) ...F @skip(if: $yes)"
      " ... @include(if: $no) { f: echo } ...F }"
      " fragment F on Query { e: __typename }";
  EXPECT_EQ(Request(source, R"({"yes": true, "no": false})").tree(), "c: echo(boolean: true, size: 5) e: __typename");
}

TEST(Collect, FillsInDefaults) {
  EXPECT_EQ(Request("{ account(id: 1) { friends { id } } echo(boolean: null, size: 3) }").tree(),
            "account(id: 1) { friends(first: 10) { id } } echo(boolean: null, size: 3)");
  EXPECT_EQ(Request("mutation { insert(objects: {email: \"a\"}) }").tree(),
            "insert(objects: [{email: \"a\", color: RED, rank: 1}])");
}

TEST(Collect, ReplacesVariables) {
  const std::string source =
      "query ($id: Int!, $email: String, $color: Color, $ids: [Int!], $json: Int) {"
      " account(id: $id) { id } accounts(ids: $ids, color: $color, filter: {id: {eq: $id, in: [$id, 2]}, email: $email,"
      " meta: {a: [$json], b: $json}}) { id } }";
  EXPECT_EQ(Request(source, R"({"id": 7, "email": "a", "ids": 5, "color": "RED", "json": 1})").tree(),
            "account(id: 7) { id } accounts(filter: {id: {eq: 7, in: [7, 2]}, email: \"a\", meta: {a: [1], b: 1}},"
            " ids: [5], color: RED) { id }");
  EXPECT_EQ(Request(source, R"({"id": 7, "email": null})").tree(),
            "account(id: 7) { id } accounts(filter: {id: {eq: 7, in: [7, 2]}, email: null, meta: {a: [null]}}) { id }");
  EXPECT_EQ(Request(source, R"({"id": 7})").tree(),
            "account(id: 7) { id } accounts(filter: {id: {eq: 7, in: [7, 2]}, meta: {a: [null]}}) { id }");
}

TEST(Collect, KeepsWhichVariableAValueIs) {
  Request request(
      "query ($id: Int, $f: AccountFilter) { accounts(first: $id, filter: {id: {in: [1], eq: $id}}) { id } "
      "other: accounts(filter: $f) { id } }",
      R"({"id": 3, "f": {"email": "a"}})");
  const auto root = request.root();
  ASSERT_EQ(root.size(), 2U);
  const Input* first = root[0].argument(Meaning::first);
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->variable, "id");
  const Input* filter = root[0].argument(Meaning::filter);
  ASSERT_NE(filter, nullptr);
  EXPECT_EQ(filter->variable, "");
  EXPECT_EQ(filter->member("id")->member("eq")->variable, "id");
  EXPECT_EQ(root[1].argument(Meaning::filter)->variable, "f");
  EXPECT_EQ(root[1].argument(Meaning::first), nullptr);
}

TEST(Collect, QuotedEnumerationMembersAreMembers) {
  EXPECT_EQ(Request("{ accounts(color: \"RED\") { id } }").tree(), "accounts(color: RED) { id }");
}

TEST(Collect, ListsOfNullableItemsWillDoWithoutNulls) {
  EXPECT_EQ(Request("query ($ids: [Int]) { accounts(ids: $ids) { id } }", R"({"ids": [1, 2]})").tree(),
            "accounts(ids: [1, 2]) { id }");
}

TEST(Collect, SaysWhichVariablesDoNotFit) {
  Request nulled("query ($id: Int = 1, $skip: Boolean = true) { account(id: $id) { id @skip(if: $skip) } }",
                 R"({"id": null, "skip": null})");
  nulled.tree();
  EXPECT_EQ(nulled.problems(),
            "Argument \"id\" of non-null type \"Int!\" must not be null.\n"
            "Argument \"if\" of non-null type \"Boolean!\" must not be null.");
  Request inside("query ($id: Int = 1) { accounts(ids: [$id]) { id } }", R"({"id": null})");
  inside.tree();
  EXPECT_EQ(inside.problems(), "Argument \"ids\" has invalid value [$id].");
  Request item("query ($ids: [Int]) { accounts(ids: $ids) { id } }", R"({"ids": [1, null]})");
  item.tree();
  EXPECT_EQ(item.problems(), "Argument \"ids\" has invalid value $ids.");
}

TEST(Collect, IsBounded) {
  std::string source = "{ account(id: 1) { ...F0 } }";
  for (int i = 0; i < 40; ++i) {
    const std::string next = i == 39 ? "id" : "...F" + std::to_string(i + 1);
    source += " fragment F" + std::to_string(i) + " on Account { a: best { " + next + " } b: best { " + next + " } }";
  }
  Request hostile(source);
  hostile.tree();
  EXPECT_EQ(hostile.problems(), "Operation is too complex to be executed.");

  std::string copies = "query ($json: JSON) {";
  for (int i = 0; i < 100; ++i) copies += " a" + std::to_string(i) + ": echo(json: $json)";
  Request copied(copies + " }", "{\"json\": \"" + std::string(1 << 20, 'a') + "\"}");
  copied.tree();
  EXPECT_EQ(copied.problems(), "Operation is too complex to be executed.");
}

}  // namespace
}  // namespace ballast::graphql
