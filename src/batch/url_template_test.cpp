#include "batch/url_template.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace ballast::batch {
namespace {

using Query = UrlTemplate::Query;

/// The url with the values in it, or the code and message of what is wrong.
std::string bound(const std::string& url, const std::vector<std::string_view>& values, Query query = Query::filters,
                  std::size_t limit = 1'000) {
  const rest::Settings settings;
  const auto made = UrlTemplate::parse(url, query, settings, [](std::string_view id) { return id == "x"; });
  if (!made) return made.error().code;
  const auto text = made->with(values, settings, limit);
  return text ? *text : text.error().code;
}

TEST(UrlTemplate, BindsAValueAsAllOfWhatAComparisonComparesWith) {
  EXPECT_EQ(bound("/a?b=eq.{x.body.c}", {R"("d e,\"f&)%")"}), "/a?b=eq.d%20e%2C%22f%26%29%25");
  EXPECT_EQ(bound("/a?b=not.gt.{x.status}&c.d=eq.{x.body.n}", {"200", "1.50"}), "/a?b=not.gt.200&c.d=eq.1.50");
  EXPECT_EQ(bound("/a?b=plfts.{x.body.c}", {"\"a & b\""}), "/a?b=plfts.a%20%26%20b");
}

TEST(UrlTemplate, QuotesAnElementOfAList) {
  EXPECT_EQ(bound("/a?b=in.(1,{x.body.c})", {R"x("a,b\"\\)")x"}), "/a?b=in.(1,%22a%2Cb%5C%22%5C%5C%29%22)");
  EXPECT_EQ(bound("/a?or=(b.eq.{x.body.c},d.in.({x.body.c}))", {"true", "\"\""}),
            "/a?or=(b.eq.%22true%22,d.in.(%22%22))");
}

TEST(UrlTemplate, LeavesNoWildcardInAPattern) {
  EXPECT_EQ(bound("/a?b=like.*{x.body.c}*", {R"("50%_\\")"}), "/a?b=like.*50%5C%25%5C_%5C%5C*");
  EXPECT_EQ(bound("/a?b=like.{x.body.c}", {"\"*\""}), "BLST441");
}

TEST(UrlTemplate, TakesNoNullObjectOrArrayForAValue) {
  for (const auto* value : {"null", "{}", "[1]", R"("\u0000")"}) {
    EXPECT_EQ(bound("/a?b=eq.{x.body.c}", {value}), "BLST441") << value;
  }
}

TEST(UrlTemplate, TakesNoReferenceWhereNoValueStands) {
  for (const auto* url : {"/{x.body.a}",
                          "/a{x.body.a}?b=eq.1",
                          "/a?{x.body.a}=eq.1",
                          "/a?b={x.body.a}",
                          "/a?b={x.body.a}.1",
                          "/a?select={x.body.a}",
                          "/a?order={x.body.a}",
                          "/a?on_conflict={x.body.a}",
                          "/a?columns={x.body.a}",
                          "/a?b=is.{x.body.a}",
                          "/a?b=match.{x.body.a}",
                          "/a?b=cs.{x.body.a}",
                          "/a?b=eq(any).{{x.body.a}}",
                          "/a?b=eq.1{x.body.a}",
                          "/a?b=in.(1{x.body.a})",
                          "/a?b=in.(\"{x.body.a}\")",
                          "/a?b=in.(\\{x.body.a})",
                          "/a?or=(b.eq.\"{x.body.a}\")",
                          "/a?or=(b.eq.\"c.eq.{x.body.a},\")",
                          "/a?or=({x.body.a}.eq.1)",
                          "/a?or=(b.{x.body.a})",
                          "/a?or={x.body.a}",
                          "/a?b->>{x.body.a}=eq.1",
                          "/a?b=fts({x.body.a}).x",
                          "/a?b=fts.{x.body.a}",
                          "/a?limit={x.body.a}",
                          "/a?offset={x.body.a}"}) {
    const std::string got = bound(url, {"\"v\""});
    EXPECT_TRUE(got == "BLST441" || got == "PGRST100") << url << " became " << got;
  }
  EXPECT_EQ(bound("/graphql?query={x.body.a}", {"1"}, Query::opaque), "BLST441");
}

TEST(UrlTemplate, RefusesAValueThatWouldCloseWhatTheUrlOpens) {
  EXPECT_EQ(bound("/a?or=(b.ov.{1,c.eq.{x.body.a})", {"\"v\""}), "/a?or=(b.ov.{1,c.eq.%22v%22)");
  EXPECT_EQ(bound("/a?or=(b.ov.{1,c.eq.{x.body.a})", {"\"}\""}), "BLST441");
}

TEST(UrlTemplate, RefusesAMistakenReferenceToARequestThatIsThere) {
  for (const auto* url : {"/a?b=eq.{x.boddy}", "/a?b=eq.{x.body[a]}", "/a?b=eq.{x.", "/a?b=eq.{x.body"}) {
    EXPECT_EQ(bound(url, {}), "BLST441") << url;
  }
}

TEST(UrlTemplate, LeavesOtherBracesAlone) {
  EXPECT_EQ(bound("/a?b=cs.{1,2}&c=eq.{y.z}", {}), "/a?b=cs.{1,2}&c=eq.{y.z}");
}

TEST(UrlTemplate, PassesAFunctionOneArgument) {
  EXPECT_EQ(bound("/rpc/f?b={x.body.a}&c=eq.{x.body.a}", {"\"a b\"", "1"}, Query::arguments), "/rpc/f?b=a%20b&c=eq.1");
  EXPECT_EQ(bound("/rpc/f?b={x.body.a}", {"\"eq.1\""}, Query::arguments), "BLST441") << "it would be a filter";
  EXPECT_EQ(bound("/rpc/f?b=a{x.body.a}", {"\"v\""}, Query::arguments), "BLST441");
}

TEST(UrlTemplate, LooksAtNoValueASecondTime) {
  std::string url = "/a?b=like.";
  std::deque<std::string> values;
  std::string expected = url;
  for (int i = 0; i < 40; ++i) {
    url += "{x.body.a}";
    values.push_back("\"value" + std::to_string(i + 1) + "zvalue" + std::to_string(i + 1) + "z\"");
    expected += values.back().substr(1, values.back().size() - 2);
  }
  EXPECT_EQ(bound(url, {values.begin(), values.end()}, Query::filters, 10'000), expected);
}

TEST(UrlTemplate, DoesNotGrowBeyondItsLimit) {
  EXPECT_EQ(bound("/a?b=eq.{x.body.c}", {"\"0123456789\""}, Query::filters, 20), "BLST414");
}

}  // namespace
}  // namespace ballast::batch
