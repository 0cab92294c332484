#include "rest/openapi.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/scanner.hpp"
#include "rest/openapi_type.hpp"
#include "rest/test_functions.hpp"

namespace ballast::rest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string document(std::function<Shown(const catalog::Relation&)> relation = {},
                     std::function<bool(const catalog::Function&)> function = {}) {
  const auto snapshot = testing::snapshot_with_functions();
  OpenApi about{*snapshot, "public"};
  about.relation = relation ? std::move(relation) : [](const catalog::Relation&) {
    return Shown{true, true, true, true};
  };
  about.function = function ? std::move(function) : [](const catalog::Function&) { return true; };
  return with_address(openapi_document(about), openapi_address("https://example.org:8080/api"));
}

std::string typed(const catalog::Type& type, OpenApiPlace place = OpenApiPlace::json) {
  json::Text out;
  out.object();
  write_openapi_type(out, type, place, "test");
  return out.end().take();
}

TEST(OpenApi, IsJson) { EXPECT_TRUE(json::valid(document())); }

TEST(OpenApi, SaysWhereItIsReached) {
  EXPECT_THAT(document(), StartsWith(R"({"host":"example.org:8080","basePath":"/api","schemes":["https"],"swagger")"));
  EXPECT_EQ(openapi_address("http://localhost").base_path, "/");
}

TEST(OpenApi, NamesEveryFilterOfARelation) {
  EXPECT_THAT(document(), HasSubstr(R"("/clients":{"get":{"tags":["clients"],"parameters":[)"
                                    R"({"$ref":"#/parameters/rowFilter.clients.id"},)"
                                    R"({"$ref":"#/parameters/rowFilter.clients.name"},)"
                                    R"({"$ref":"#/parameters/select"})"));
}

TEST(OpenApi, DescribesKeys) {
  EXPECT_THAT(document(),
              HasSubstr(R"("client_id":{"format":"int32","type":"integer","description":"Note:\nThis is a Foreign Key )"
                        R"(to `clients.id`.<fk table='clients' column='id'/>"})"));
}

TEST(OpenApi, ShowsOnlyWhatTheCallerMayDo) {
  const auto shown = document(
      [](const catalog::Relation& relation) {
        return relation.name == "clients" ? Shown{true, false, false, false} : Shown{};
      },
      [](const catalog::Function& function) { return function.name == "add"; });
  EXPECT_THAT(shown, HasSubstr("\"/clients\""));
  EXPECT_THAT(shown, Not(HasSubstr("\"/projects\"")));
  EXPECT_THAT(shown, Not(HasSubstr("\"post\":{\"tags\":[\"clients\"]")));
  EXPECT_THAT(shown, HasSubstr("\"/rpc/add\""));
  EXPECT_THAT(shown, Not(HasSubstr("\"/rpc/greet\"")));
}

TEST(OpenApi, LeavesGetAwayFromFunctionsThatMayChangeSomething) {
  EXPECT_THAT(document(), HasSubstr(R"("/rpc/change":{"post")"));
  EXPECT_THAT(document(), HasSubstr(R"("/rpc/greet":{"get")"));
}

TEST(OpenApi, SaysWhichArgumentsAreRequired) {
  EXPECT_THAT(document(), HasSubstr(R"("schema":{"type":"object","required":["name"],"properties":{"name":)"
                                    R"({"format":"text","type":"string"},"loud":{"format":"boolean",)"
                                    R"("type":"boolean"}}})"));
}

TEST(OpenApiType, IsWhatTheValueIsInJson) {
  EXPECT_EQ(typed(catalog::type_named("smallint")), R"({"format":"int32","type":"integer"})");
  EXPECT_EQ(typed(catalog::type_named("numeric")), R"({"format":"numeric","type":"number"})");
  EXPECT_EQ(typed(catalog::type_named("jsonb")), R"({"format":"jsonb"})");
  EXPECT_EQ(typed(catalog::type_named("integer[]")),
            R"({"format":"integer[]","type":"array","items":{"type":"integer"}})");
  EXPECT_EQ(typed({catalog::Kind::other, "test.mood"}), R"({"format":"mood","type":"string"})");
}

TEST(OpenApiType, IsTextWhereAQueryStringHasNothingElse) {
  EXPECT_EQ(typed(catalog::type_named("text[]"), OpenApiPlace::query), R"({"format":"text[]","type":"string"})");
  EXPECT_EQ(typed(catalog::type_named("json"), OpenApiPlace::query), R"({"format":"json","type":"string"})");
}

TEST(OpenApiDefault, IsAConstantOrNothing) {
  const auto text = catalog::type_named("text");
  EXPECT_EQ(openapi_default(text, "'it''s'::text"), R"("it's")");
  EXPECT_EQ(openapi_default(text, "lower('A'::text)"), "");
  EXPECT_EQ(openapi_default(text, "('a'::text || 'b'::text)"), "");
  EXPECT_EQ(openapi_default(catalog::type_named("integer"), "42"), "42");
  EXPECT_EQ(openapi_default(catalog::type_named("integer"), "nextval('x'::regclass)"), "");
  EXPECT_EQ(openapi_default(catalog::type_named("date"), "'1900-01-01'::date"), R"("1900-01-01")");
}

}  // namespace
}  // namespace ballast::rest
