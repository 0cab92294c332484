#include "graphql/introspection.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "graphql/parser.hpp"
#include "graphql/test_schema.hpp"
#include "graphql/validate.hpp"
#include "json/scanner.hpp"

namespace ballast::graphql {
namespace {

const Schema& schema() {
  static const SchemaPtr made = TestSchema::make();
  return *made;
}

struct Answer {
  std::string json;
  std::string refusal;
  double milliseconds = 0;
};

/// Of a document with one introspection.
Answer ask(std::string_view source, const Schema& of, const IntrospectionLimits& limits = {}) {
  const auto parsed = parse(source, {});
  Answer answer;
  const auto* document = std::get_if<Document>(&parsed);
  if (document == nullptr) {
    ADD_FAILURE() << std::get<Problem>(parsed).message;
    return answer;
  }
  for (const Problem& problem : validate(*document, of, {})) ADD_FAILURE() << problem.message;
  const auto start = std::chrono::steady_clock::now();
  const Variables none;
  Collector collector(*document, of, none);
  const auto fields = collector.root(document->operations.front(), *of.query());
  if (const auto refusal = append_introspection(answer.json, fields.at(0), collector, of, limits)) {
    answer.refusal = refusal->message;
    EXPECT_EQ(refusal->at, (std::vector<Position>{fields[0].at}));
  }
  answer.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  EXPECT_TRUE(answer.json.empty() || json::valid(answer.json)) << answer.json;
  return answer;
}

std::string asked(std::string_view source) { return ask(source, schema()).json; }

TEST(Introspection, Roots) {
  EXPECT_EQ(asked("{ __schema { q: queryType { n: name __typename } mutationType { name } subscriptionType { name } "
                  "description __typename } }"),
            R"({"q":{"n":"Query","__typename":"__Type"},"mutationType":{"name":"Mutation"},"subscriptionType":null,)"
            R"("description":null,"__typename":"__Schema"})");
}

TEST(Introspection, UnknownTypes) { EXPECT_EQ(asked("{ __type(name: \"No\") { name } }"), "null"); }

TEST(Introspection, Objects) {
  EXPECT_EQ(asked("{ __type(name: \"Account\") { kind name description interfaces { name } possibleTypes { name } "
                  "inputFields { name } enumValues { name } ofType { name } isOneOf specifiedByURL } }"),
            R"({"kind":"OBJECT","name":"Account","description":"Somebody with a \"name\".",)"
            R"("interfaces":[{"name":"Node"}],"possibleTypes":null,"inputFields":null,"enumValues":null,"ofType":null,)"
            R"("isOneOf":null,"specifiedByURL":null})");
}

TEST(Introspection, FieldsAndTheirTypes) {
  EXPECT_EQ(
      asked("{ __type(name: \"Blog\") { fields { name type { kind name ofType { kind name } } } } }"),
      R"({"fields":[{"name":"nodeId","type":{"kind":"NON_NULL","name":null,"ofType":{"kind":"SCALAR","name":"ID"}}},)"
      R"({"name":"id","type":{"kind":"NON_NULL","name":null,"ofType":{"kind":"SCALAR","name":"BigInt"}}},)"
      R"({"name":"title","type":{"kind":"SCALAR","name":"String","ofType":null}},)"
      R"({"name":"email","type":{"kind":"NON_NULL","name":null,"ofType":{"kind":"SCALAR","name":"String"}}},)"
      R"({"name":"owner","type":{"kind":"NON_NULL","name":null,"ofType":{"kind":"OBJECT","name":"Account"}}}]})");
}

TEST(Introspection, TheQueryRootHidesIntrospection) {
  EXPECT_EQ(asked("{ __type(name: \"Query\") { fields { name } } }"),
            R"({"fields":[{"name":"accounts"},{"name":"account"},{"name":"lookup"},{"name":"node"},{"name":"things"},)"
            R"({"name":"echo"}]})");
}

TEST(Introspection, Deprecations) {
  const std::string without = asked("{ __type(name: \"Account\") { fields { name } } }");
  EXPECT_EQ(without.find("fax"), std::string::npos);
  const std::string with = asked(
      "{ __type(name: \"Account\") { fields(includeDeprecated: true) { name isDeprecated deprecationReason } } }");
  EXPECT_NE(with.find(R"({"name":"fax","isDeprecated":true,"deprecationReason":"nobody has one"})"), std::string::npos);
  EXPECT_NE(with.find(R"({"name":"id","isDeprecated":false,"deprecationReason":null})"), std::string::npos);
  EXPECT_EQ(asked("{ __type(name: \"Color\") { a: enumValues { name description } "
                  "b: enumValues(includeDeprecated: true) { name } } }"),
            R"({"a":[{"name":"RED","description":"As blood."},{"name":"GREEN","description":null}],)"
            R"("b":[{"name":"RED"},{"name":"GREEN"},{"name":"BLUE"}]})");
}

TEST(Introspection, DefaultsAreLiterals) {
  EXPECT_EQ(asked("{ __type(name: \"AccountInput\") { isOneOf inputFields { name defaultValue } } }"),
            R"({"isOneOf":false,"inputFields":[{"name":"email","defaultValue":null},{"name":"color",)"
            R"("defaultValue":"RED"},{"name":"tags","defaultValue":null},{"name":"data","defaultValue":null},)"
            R"({"name":"rank","defaultValue":"1"}]})");
  EXPECT_EQ(asked("{ __type(name: \"Lookup\") { isOneOf } }"), R"({"isOneOf":true})");
}

TEST(Introspection, UnionsInterfacesAndScalars) {
  EXPECT_EQ(asked("{ __type(name: \"Thing\") { kind possibleTypes { name } fields { name } interfaces { name } } }"),
            R"({"kind":"UNION","possibleTypes":[{"name":"Account"},{"name":"Blog"}],"fields":null,"interfaces":null})");
  EXPECT_EQ(
      asked("{ __type(name: \"Node\") { kind possibleTypes { name } fields { name } } }"),
      R"({"kind":"INTERFACE","possibleTypes":[{"name":"Account"},{"name":"Blog"}],"fields":[{"name":"nodeId"}]})");
  EXPECT_EQ(asked("{ __type(name: \"UUID\") { kind specifiedByURL } }"),
            R"({"kind":"SCALAR","specifiedByURL":"https://www.rfc-editor.org/rfc/rfc9562"})");
}

TEST(Introspection, Directives) {
  const std::string json =
      asked("{ __schema { directives { name isRepeatable locations args { name type { kind ofType { name } } } } } }");
  EXPECT_TRUE(json.starts_with(
      R"({"directives":[{"name":"skip","isRepeatable":false,"locations":["FIELD","FRAGMENT_SPREAD","INLINE_FRAGMENT"],)"
      R"("args":[{"name":"if","type":{"kind":"NON_NULL","ofType":{"name":"Boolean"}}}]})"))
      << json;
}

TEST(Introspection, DescribesItself) {
  EXPECT_EQ(
      asked("{ __type(name: \"__Field\") { fields { name args { name defaultValue } type { kind } } } }"),
      R"({"fields":[{"name":"name","args":[],"type":{"kind":"NON_NULL"}},)"
      R"({"name":"description","args":[],"type":{"kind":"SCALAR"}},)"
      R"({"name":"args","args":[{"name":"includeDeprecated","defaultValue":"false"}],"type":{"kind":"NON_NULL"}},)"
      R"({"name":"type","args":[],"type":{"kind":"NON_NULL"}},)"
      R"({"name":"isDeprecated","args":[],"type":{"kind":"NON_NULL"}},)"
      R"({"name":"deprecationReason","args":[],"type":{"kind":"SCALAR"}}]})");
  const std::string all = asked("{ __schema { types { name } } }");
  for (const std::string_view name : {"__Schema", "__Type", "__TypeKind", "__Field", "__InputValue", "__EnumValue",
                                      "__Directive", "__DirectiveLocation"}) {
    EXPECT_NE(all.find("\"" + std::string(name) + "\""), std::string::npos) << name;
  }
}

constexpr std::string_view by_tools = R"(
  query IntrospectionQuery {
    __schema {
      queryType { name } mutationType { name } subscriptionType { name }
      types { ...FullType }
      directives { name description locations args { ...InputValue } }
    }
  }
  fragment FullType on __Type {
    kind name description
    fields(includeDeprecated: true) {
      name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason
    }
    inputFields { ...InputValue }
    interfaces { ...TypeRef }
    enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
    possibleTypes { ...TypeRef }
  }
  fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
  fragment TypeRef on __Type {
    kind name
    ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
    ofType { kind name } } } } } } }
  })";

TEST(Introspection, AnswersWhatToolsAsk) {
  const Answer answer = ask(by_tools, schema());
  EXPECT_EQ(answer.refusal, "");
  EXPECT_GT(answer.json.size(), 10'000U);
  const SchemaPtr large = TestSchema::large(1'000);
  const Answer of_large = ask(by_tools, *large);
  EXPECT_EQ(of_large.refusal, "");
  EXPECT_GT(of_large.json.size(), 1'000'000U);
}

TEST(Introspection, RefusesDepth) {
  EXPECT_EQ(ask("{ __schema { types { fields { type { fields { name } } } } } }", schema()).refusal, "");
  const auto parsed = parse("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", {});
  const auto& document = std::get<Document>(parsed);
  const Variables none;
  Collector collector(document, schema(), none);
  const auto fields = collector.root(document.operations.front(), *schema().query());
  std::string json = "before";
  const auto refusal = append_introspection(json, fields.at(0), collector, schema());
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->message, "Maximum introspection depth exceeded");
  EXPECT_EQ(refusal->code, "GRAPHQL_VALIDATION_FAILED");
  EXPECT_EQ(json, "before");
}

TEST(Introspection, RefusesSizeBeforeWriting) {
  const SchemaPtr large = TestSchema::large(1'000);
  // As deep as lists may be, with every type at every level: a hundred million fields.
  const IntrospectionLimits deep{.max_lists = 100};
  const Answer nested = ask(
      "{ __schema { types { fields { type { ofType { ofType { ofType { fields { type { ofType { ofType { ofType { fields "
      "{ type { ofType { ofType { ofType { fields { type { ofType { ofType { ofType { fields { name } } } } } } } } } } } } "
      "} } } } } } } } } } } }",
      *large, deep);
  EXPECT_EQ(nested.refusal, "Introspection makes an answer of more than 33554432 bytes");
  EXPECT_LT(nested.milliseconds, 200);

  std::string wide = "{ __schema { types {";
  for (int i = 0; i < 1'900; ++i) wide += " a" + std::to_string(i) + ": fields { name }";
  const Answer flat = ask(wide + " } } }", *large, {.max_fields = 5'000});
  EXPECT_EQ(flat.refusal, "Introspection makes an answer of more than 33554432 bytes");
  EXPECT_LT(flat.milliseconds, 500);
  EXPECT_EQ(ask(wide + " } } }", *large).refusal, "Introspection asks for too many fields");
}

TEST(Introspection, CountsTheAnswerSoFar) {
  const auto parsed = parse("{ __type(name: \"Account\") { name } }", {});
  const auto& document = std::get<Document>(parsed);
  const Variables none;
  Collector collector(document, schema(), none);
  const auto fields = collector.root(document.operations.front(), *schema().query());
  std::string json(90, ' ');
  EXPECT_TRUE(append_introspection(json, fields.at(0), collector, schema(), {.max_size = 100}));
  EXPECT_FALSE(append_introspection(json, fields.at(0), collector, schema(), {.max_size = 200}));
}

}  // namespace
}  // namespace ballast::graphql
