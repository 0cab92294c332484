#include "rest/media_type.hpp"

#include <gtest/gtest.h>

namespace ballast::rest {
namespace {

TEST(Negotiation, ChoosesWhatPostgrestChooses) {
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
    const auto chosen = negotiate(accept);
    ASSERT_TRUE(chosen.ok()) << accept;
    EXPECT_EQ(*chosen, media) << accept;
  }
}

TEST(Negotiation, RefusesWhatItCannotMake) {
  const auto refused = negotiate("undefined");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().status, 406);
  EXPECT_EQ(refused.error().code, "PGRST107");
  EXPECT_EQ(refused.error().message, "None of these media types are available: undefined");
  EXPECT_FALSE(negotiate("application/vnd.pgrst.plan").ok());
}

TEST(BodyTypes, AreJsonUnlessTold) {
  EXPECT_EQ(body_type("").value(), BodyType::json);
  EXPECT_EQ(body_type("application/json; charset=utf-8").value(), BodyType::json);
  EXPECT_EQ(body_type("Text/CSV").value(), BodyType::csv);
  EXPECT_EQ(body_type("application/x-www-form-urlencoded").value(), BodyType::form);
  EXPECT_EQ(body_type("text/html").error().status, 415);
}

}  // namespace
}  // namespace ballast::rest
