#include "rest/format.hpp"

#include <gtest/gtest.h>

#include "rest/test_catalog.hpp"

namespace ballast::rest {
namespace {

/// Handlers: "text/html" and "*/*" over clients, "pg/lines" over anything, "application/json" over tasks.
const catalog::SnapshotPtr database = [] {
  const auto plain = testing::snapshot();
  std::vector<catalog::MediaHandler> handlers = {
      {"public", "as_html", "text/html", "public", "clients", false},
      {"public", "as_any", "*/*", "public", "users", true},
      {"public", "as_json", "application/json", "public", "tasks", false},
      {"public", "as_lines", "pg/lines", "", "", false},
  };
  return std::make_shared<const catalog::Snapshot>(plain->relations(), plain->schemas(), 1,
                                                   std::vector<catalog::Function>{}, std::move(handlers));
}();

Result<Format> choose(std::string_view accept, std::string_view relation = "projects", bool whole = true,
                      bool plans = false) {
  return choose_format(accept, {*database, database->relation("public", relation), nullptr, whole, plans});
}

TEST(Format, IsWhatPostgrestChooses) {
  const std::pair<const char*, Media> cases[] = {
      {"", Media::json},
      {"*/*", Media::json},
      {"application/json", Media::json},
      {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Media::json},
      {"text/csv, */*", Media::csv},
      {"text/csv; version=1", Media::csv},
      {"text/unknowntype, text/csv", Media::csv},
      {"text/csv;q=0.5, application/json", Media::json},
      {"application/json;q=0, text/csv", Media::csv},
      {"application/vnd.pgrst.object+json", Media::object},
      {"application/vnd.pgrst.object", Media::object},
      {"application/vnd.pgrst.object+json;nulls=stripped", Media::object_stripped},
      {"application/vnd.pgrst.array+json;nulls=stripped", Media::json_stripped},
      {"application/vnd.pgrst.array;nulls=stripped", Media::json_stripped},
      {"application/vnd.pgrst.array+json", Media::json},
  };
  for (const auto& [accept, media] : cases) {
    const auto chosen = choose(accept);
    ASSERT_TRUE(chosen.ok()) << accept;
    EXPECT_EQ(chosen->media, media) << accept;
    EXPECT_EQ(chosen->content_type, content_type(media)) << accept;
  }
}

TEST(Format, RefusesWhatItCannotMake) {
  const auto refused = choose("undefined");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().status, 406);
  EXPECT_EQ(refused.error().code, "PGRST107");
  EXPECT_EQ(refused.error().message, "None of these media types are available: undefined");
  EXPECT_FALSE(choose("application/vnd.pgrst.plan").ok());
}

TEST(Format, IsMadeByTheHandlerOfTheRelation) {
  const auto html = choose("text/html", "clients");
  ASSERT_TRUE(html.ok());
  EXPECT_EQ(html->media, Media::raw);
  EXPECT_EQ(html->content_type, "text/html");
  EXPECT_EQ(html->fold, (query::Fold{"public", "as_html", true, false}));
  EXPECT_FALSE(choose("text/html", "projects").ok());
  EXPECT_FALSE(choose("text/html", "clients", false).ok());
}

TEST(Format, LetsAHandlerOverrideABuiltinType) {
  EXPECT_EQ(choose("application/json", "tasks")->fold->function, "as_json");
  EXPECT_EQ(choose("application/json", "tasks")->content_type, "application/json; charset=utf-8");
  EXPECT_FALSE(choose("*/*", "tasks")->fold);
}

TEST(Format, TakesTheHandlerOfAnyTypeBeforeAll) {
  const auto any = choose("image/png", "users");
  ASSERT_TRUE(any.ok());
  EXPECT_EQ(any->content_type, "application/octet-stream");
  EXPECT_TRUE(any->fold->bytes);
}

TEST(Format, TakesTheHandlerOfAnyRowsWhateverIsSelected) {
  const auto lines = choose("pg/lines", "projects", false);
  ASSERT_TRUE(lines.ok());
  EXPECT_FALSE(lines->fold->whole);
}

TEST(Format, IsWhatTheFunctionReturns) {
  catalog::Function function;
  function.media_type = "image/png";
  const Offers offers{*database, nullptr, &function};
  EXPECT_EQ(choose_format("image/png, */*", offers)->content_type, "image/png");
  EXPECT_EQ(choose_format("*/*", offers)->media, Media::json);
  function.media_type = "text/xml";
  EXPECT_EQ(choose_format("text/xml", offers)->content_type, "text/xml; charset=utf-8");
}

TEST(Format, IsThePlanOfAnyOtherWhereThatIsAllowed) {
  const auto plan = choose("application/vnd.pgrst.plan+json; options=wal|analyze|other", "projects", true, true);
  ASSERT_TRUE(plan.ok());
  ASSERT_TRUE(plan->plan);
  EXPECT_EQ(plan->content_type,
            "application/vnd.pgrst.plan+json; for=\"application/json\"; options=analyze|wal; charset=utf-8");
  EXPECT_EQ(
      choose("application/vnd.pgrst.plan; for=\"application/vnd.pgrst.object\"", "projects", true, true)->content_type,
      "application/vnd.pgrst.plan+text; for=\"application/vnd.pgrst.object+json\"; charset=utf-8");
  EXPECT_FALSE(choose("application/vnd.pgrst.plan; for=\"image/png\"", "projects", true, true).ok());
}

TEST(QueryPlan, ExplainsAStatement) {
  compile::Plan plan;
  plan.statements.push_back({"SELECT 1", {}});
  QueryPlanOptions options;
  options.json = true;
  options.analyze = true;
  explain(plan, options);
  EXPECT_EQ(plan.statements.front().text, "EXPLAIN (FORMAT JSON, ANALYZE) SELECT 1");
}

}  // namespace
}  // namespace ballast::rest
