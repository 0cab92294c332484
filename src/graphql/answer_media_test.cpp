#include "graphql/answer_media.hpp"

#include <gtest/gtest.h>

namespace ballast::graphql {
namespace {

TEST(AnswerMedia, IsJsonForWhoDoesNotMind) {
  for (const auto* accept : {"", "  ", "*/*", "application/*", "application/json", "text/html,*/*;q=0.8"}) {
    EXPECT_EQ(answer_media(accept), AnswerMedia::json) << accept;
  }
}

TEST(AnswerMedia, IsWhatTheClientLikesBest) {
  for (const auto* accept : {
           "application/graphql-response+json",
           "Application/GraphQL-Response+JSON; charset=UTF-8",
           "application/graphql-response+json, application/json",
           "application/json;q=0.9, application/graphql-response+json",
           "application/json;q=0, */*",
           "multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9",
           "*/*;q=0.1, application/graphql-response+json;q=0.2",
       }) {
    EXPECT_EQ(answer_media(accept), AnswerMedia::response) << accept;
  }
  for (const auto* accept : {
           "application/json, application/graphql-response+json",
           "application/graphql-response+json;q=0.5, application/json;q=0.6",
           "application/graphql-response+json;q=0, application/*",
           "application/graphql-response+json; charset=utf-16, */*;q=0.1",
       }) {
    EXPECT_EQ(answer_media(accept), AnswerMedia::json) << accept;
  }
}

TEST(AnswerMedia, IsNoneWhereNothingIsAcceptable) {
  for (const auto* accept : {"text/html", "image/*", "application/json;q=0", "*/*;q=0", "application/xml, text/*",
                             "application/json; charset=latin1"}) {
    EXPECT_EQ(answer_media(accept), std::nullopt) << accept;
  }
}

TEST(PrefersPage, IsTrueForBrowsersAlone) {
  EXPECT_TRUE(prefers_page("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"));
  EXPECT_TRUE(prefers_page("text/html"));
  EXPECT_FALSE(prefers_page(""));
  EXPECT_FALSE(prefers_page("*/*"));
  EXPECT_FALSE(prefers_page("text/*"));
  EXPECT_FALSE(prefers_page("application/json, text/html;q=0.9"));
  EXPECT_FALSE(prefers_page("application/json, text/html"));
}

}  // namespace
}  // namespace ballast::graphql
