#include "rest/errors.hpp"

#include <gtest/gtest.h>

#include "rest/similar.hpp"
#include "rest/test_catalog.hpp"

namespace ballast::rest {
namespace {

std::string body(const http::Response& response) { return std::get<std::string>(response.body); }

TEST(RestErrors, LookAsPostgrestWritesThem) {
  const auto answer = render_error(
      make_error(404, "PGRST205", "Could not find the table 'test.non_existent_table' in the schema cache"));
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(
      body(answer),
      R"({"code":"PGRST205","details":null,"hint":null,"message":"Could not find the table 'test.non_existent_table' in the schema cache"})");
  EXPECT_EQ(body(answer).size(), 129U);
  EXPECT_EQ(*answer.find("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(*answer.find("Proxy-Status"), "PostgREST; error=PGRST205");
}

TEST(RestErrors, KeepDetailsThatAreJson) {
  auto error = make_error(300, "PGRST201", "m");
  error.details = R"([{"a":1}])";
  error.details_are_json = true;
  EXPECT_EQ(body(render_error(error)), R"({"code":"PGRST201","details":[{"a":1}],"hint":null,"message":"m"})");
}

TEST(RestErrors, CarryTheirHeaders) {
  const auto answer = render_error(beyond_the_end(100, 15));
  EXPECT_EQ(answer.status, 416);
  EXPECT_EQ(*answer.find("Content-Range"), "*/15");
}

TEST(RestErrors, NameTheNearestTable) {
  const auto snapshot = testing::snapshot();
  EXPECT_EQ(unknown_relation(*snapshot, "public", "project").hint, "Perhaps you meant the table 'public.projects'");
  EXPECT_EQ(unknown_relation(*snapshot, "public", "projxxxx").hint, "");
  EXPECT_EQ(unknown_relation(*snapshot, "public", "faketable").hint, "");
}

TEST(ContentRange, IsWrittenAsPostgrestDoes) {
  EXPECT_EQ(content_range(0, 9, -1), "0-9/*");
  EXPECT_EQ(content_range(0, -1, -1), "*/*");
  EXPECT_EQ(content_range(0, -1, 0), "*/0");
  EXPECT_EQ(content_range(10, 14, 15), "10-14/15");
  EXPECT_EQ(content_range(1, 0, 3), "*/3");
}

TEST(Similar, ScoresAsPostgrestDoes) {
  const std::vector<std::string> names = {"car_models", "car_dealers"};
  EXPECT_EQ(similar("car_models_default", names, 0.33), "car_models");
  EXPECT_EQ(similar("car_models_default", names, 0.75), "");
  EXPECT_EQ(similar("zzz", names, 0.1), "");
}

TEST(RenderError, TellsCodeAndMessageAloneWhenTerse) {
  const auto error = make_error(400, "PGRST100", "m").with_details("d").with_hint("h");
  EXPECT_EQ(body(render_error(error, true)), R"({"code":"PGRST100","message":"m"})");
}

}  // namespace
}  // namespace ballast::rest
