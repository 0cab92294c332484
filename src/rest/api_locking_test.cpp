#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rest/test_api.hpp"
#include "rest/test_catalog.hpp"

namespace ballast::rest {
namespace {

using testing::body;
using ::testing::HasSubstr;
using testing::header;
using testing::integer;
using ::testing::Not;
using testing::text;

const http::Headers::Field object{"Accept", "application/vnd.pgrst.object+json"};

class RestLocking : public testing::ApiTest {
 protected:
  RestLocking() : ApiTest(testing::snapshot()) {}

  http::Response patch(std::vector<http::Headers::Field> headers) {
    return ask(http::Method::patch, "/rest/v1/clients?id=eq.1", std::move(headers), R"({"name":"x"})");
  }
};

TEST_F(RestLocking, AWriteThatFindsTheVersionIsOneStatement) {
  storage_.affected = 1;
  EXPECT_EQ(patch({{"If-Match", R"("v.digest", W/"w", "u.gzip")"}}).status, 204);
  ASSERT_EQ(storage_.statements.size(), 1U);
  EXPECT_THAT(storage_.statements[0].text, HasSubstr("ballast_row_version("));
  EXPECT_EQ(storage_.statements[0].params,
            (std::vector<sql::Param>{std::string("x"), std::int64_t{1}, std::string(R"(["v","u"])")}))
      << "what follows the dot is not the row's version, and a weak tag matches nothing";
}

TEST_F(RestLocking, LooksAtTheRowOnlyWhenNothingWasWritten) {
  storage_.rows = {{text("now")}};
  const auto stale = patch({{"If-Match", "\"old\""}});
  EXPECT_EQ(stale.status, 412);
  EXPECT_EQ(header(stale, "ETag"), "\"now\"");
  EXPECT_EQ(header(stale, "Content-Type"), "application/problem+json");
  EXPECT_THAT(body(stale), HasSubstr(R"("etag":"\"now\"")"));
  EXPECT_EQ(storage_.statements.size(), 2U);
}

TEST_F(RestLocking, AnswersAsEverWhenTheRowCannotBeChangedThoughItIsTheVersion) {
  storage_.rows = {{text("now")}};
  EXPECT_EQ(patch({{"If-Match", "\"now\""}}).status, 204) << "row level security lets the caller see it and no more";
  EXPECT_EQ(patch({{"If-Match", "*"}}).status, 204);
}

TEST_F(RestLocking, ReadsOfOneShapeShareAPlanWhateverTheClientHas) {
  storage_.rows = {{integer(1), text("Microsoft"), text("v")}};
  EXPECT_EQ(get("/rest/v1/clients?id=eq.1", {object, {"If-None-Match", "\"v\""}}).status, 304);
  EXPECT_EQ(get("/rest/v1/clients?id=eq.1", {object, {"If-None-Match", "\"w\""}}).status, 200);
  ASSERT_EQ(storage_.statements.size(), 2U);
  EXPECT_EQ(storage_.statements[0].text, storage_.statements[1].text);
}

TEST_F(RestLocking, ListsCarryNoTagAndAskForNoVersion) {
  storage_.rows = {{integer(1), text("Microsoft")}};
  EXPECT_EQ(header(get("/rest/v1/clients"), "ETag"), "(none)");
  EXPECT_THAT(storage_.statements[0].text, Not(HasSubstr("version")));
}

TEST_F(RestLocking, InRolesModeTellsVersionsToThoseWhoMayReadTheRow) {
  storage_.postgres = true;
  settings_.roles = true;
  storage_.rows = {{integer(1), text("Microsoft")}};
  const auto answer = get("/rest/v1/clients?id=eq.1", {object});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(header(answer, "ETag"), "(none)");
  EXPECT_THAT(storage_.statements.back().text, Not(HasSubstr("xmin"))) << "nothing was granted on the table";
}

TEST_F(RestLocking, RefusesPreconditionsThatMeanNothing) {
  EXPECT_EQ(patch({{"If-Match", "v"}}).status, 400);
  EXPECT_EQ(patch({{"If-None-Match", "*"}}).status, 400);
  EXPECT_EQ(post("/rest/v1/clients", "{\"id\":1}", {{"If-Match", "*"}}).status, 400);
  EXPECT_EQ(get("/rest/v1/clients?id=eq.1", {{"If-None-Match", "v"}}).status, 200) << "of a list it is not read";
  EXPECT_EQ(storage_.statements.size(), 1U);
}

}  // namespace
}  // namespace ballast::rest
