#include "batch/batch.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ballast::batch {
namespace {

Surroundings around() {
  Surroundings made;
  made.places = {"/rest/v1", "/graphql/v1", "/batch/v1", "/locks/v1/"};
  return made;
}

/// "ok", or where and why it failed.
std::string parsed(const std::string& body, const Settings& settings = {}) {
  const auto result = parse_batch(body, settings, around());
  if (std::holds_alternative<Batch>(result)) return "ok";
  const auto& failure = std::get<Failure>(result);
  return fmt::format("{} {} {}", failure.error.status, failure.error.code,
                     failure.index ? fmt::format("{}:{}", *failure.index, failure.request) : "-");
}

Batch batch(const std::string& body) { return std::get<Batch>(parse_batch(body, {}, around())); }

std::string with(std::string_view members) {
  return fmt::format(R"({{"requests":[{{"id":"a","method":"POST","url":"/rest/v1/t"}},{{"id":"b",{}}}]}})", members);
}

TEST(Batch, KnowsWhatItsRequestsAreAbout) {
  const Batch made = batch(R"({"requests":[
      {"id":"1","method":"GET","url":"/rest/v1/t?a=eq.1","lock":"share","wait":"nowait"},
      {"id":"2","method":"POST","url":"/graphql/v1","body":{"query":"{a}"}},
      {"id":"3","method":"POST","url":"/rest/v1/rpc/f","body":"a,b","headers":{"content-type":"text/csv"}},
      {"id":"4","method":"DELETE","url":"/rest/v1/t?a=eq.{1.body[0].a}","expect":{"affected":2},"dependsOn":["2"]}],
      "isolation":"repeatable read"})");
  ASSERT_EQ(made.entries.size(), 4U);
  EXPECT_EQ(made.isolation, storage::Isolation::repeatable_read);
  EXPECT_EQ(made.entries[0].lock, (query::Lock{query::Lock::Strength::share, query::Lock::Wait::nowait}));
  EXPECT_EQ(made.entries[1].target, Target::graphql);
  EXPECT_EQ(made.entries[1].content_type, "application/json");
  EXPECT_EQ(made.entries[2].target, Target::function);
  EXPECT_EQ(made.entries[2].body.with({}, 10).value(), "a,b");
  EXPECT_EQ(made.entries[3].affected, 2);
  EXPECT_EQ(made.entries[3].needs, (std::vector<std::size_t>{0, 1}));
}

TEST(Batch, TellsWhichRequestIsWrong) {
  EXPECT_EQ(parsed(with(R"("method":"GET","url":"/rest/v1/t?a=eq.{a.body}")")), "ok");
  EXPECT_EQ(parsed(with(R"("method":"GET","url":"/locks/v1/seat/12A?token={a.body.token}")")), "ok");
  for (const auto* members :
       {R"("url":"/rest/v1/t")",
        R"("method":"GET")",
        R"("method":"TRACE","url":"/rest/v1/t")",
        R"("method":"GET","url":"/rest/v1/t","body":1)",
        R"("method":"GET","url":"http://x/rest/v1/t")",
        R"("method":"GET","url":"//x/rest/v1/t")",
        R"("method":"GET","url":"/rest/v1/%2E%2e")",
        R"("method":"GET","url":"/batch/v1")",
        R"("method":"GET","url":"/locks/v1/")",
        R"("method":"GET","url":"/locks/v1/a/../b?token=1")",
        R"("method":"GET","url":"/locks/v1/%2e%2e?token=1")",
        R"("method":"DELETE","url":"/locks/v1/a","body":{"token":1})",
        R"("method":"GET","url":"/rest/v1x/t")",
        R"("method":"GET","url":"/rest/v1/a/b")",
        R"("method":"GET","url":"/rest/v1/rpc/")",
        R"("method":"GET","url":"/rest/v1/t%zz")",
        R"("method":"GET","url":"/rest/v1/t%00")",
        R"("method":"GET","url":"/rest/v1/t\n")",
        R"("method":"GET","url":"/rest/v1\\t")",
        R"("method":"GET","url":"/rest/v1/t","headers":{"Cookie":"x"})",
        R"("method":"GET","url":"/rest/v1/t","headers":{"Prefer":"a\u0000"})",
        R"("method":"GET","url":"/rest/v1/t","expect":{"affected":1})",
        R"("method":"PATCH","url":"/rest/v1/t","expect":{})",
        R"("method":"PATCH","url":"/rest/v1/t","expect":{"affected":1.5})",
        R"("method":"POST","url":"/rest/v1/rpc/f","expect":{"affected":1})",
        R"("method":"PATCH","url":"/rest/v1/t","lock":"update")",
        R"("method":"POST","url":"/rest/v1/t","headers":{"Content-Type":"text/csv"},"body":[])"}) {
    EXPECT_EQ(parsed(with(members)), "400 BLST440 1:b") << members;
  }
  EXPECT_EQ(parsed(with(R"("method":"GET","url":"/rest/v1/t?a=eq.{b.body}")")), "400 BLST441 1:b");
  EXPECT_EQ(parsed(with(R"("method":"GET","url":"/rest/v1/t?a=eq.{c.body}")")), "400 BLST441 1:b");
  EXPECT_EQ(parsed(with(R"("method":"POST","url":"/rest/v1/t","body":{"$ref":"b.body"})")), "400 BLST441 1:b");
  EXPECT_EQ(parsed(with(R"("method":"GET","url":"/rest/v1/t","dependsOn":["b"])")), "400 BLST441 1:b");
}

TEST(Batch, KeepsItsLimits) {
  Settings settings;
  settings.max_requests = 1;
  EXPECT_EQ(parsed(with(R"("method":"GET","url":"/rest/v1/t")"), settings), "413 BLST440 1:");
  settings.body_limit = 20;
  EXPECT_EQ(parsed(with(R"("method":"GET","url":"/rest/v1/t")"), settings), "413 BLST413 -");
  EXPECT_EQ(parsed(with("\"method\":\"GET\",\"url\":\"/rest/v1/" + std::string(9'000, 'x') + "\"")), "414 BLST414 1:b");
}

}  // namespace
}  // namespace ballast::batch
