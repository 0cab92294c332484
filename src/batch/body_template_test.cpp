#include "batch/body_template.hpp"

#include <gtest/gtest.h>

namespace ballast::batch {
namespace {

std::string bound(std::string_view json, const std::vector<std::string_view>& values, std::size_t limit = 1'000) {
  const auto made = BodyTemplate::parse(json);
  if (!made) return made.error().code;
  EXPECT_EQ(made->references().size(), values.size());
  const auto text = made->with(values, limit);
  return text ? *text : text.error().code;
}

TEST(BodyTemplate, PutsJsonInThePlaceOfReferences) {
  EXPECT_EQ(bound(R"({"a": {"$ref": "x.body.a"}, "b": [ {"\u0024ref":"y.status"} ]})", {"[1]", "200"}),
            R"({"a": [1], "b": [ 200 ]})");
  EXPECT_EQ(bound(R"({"$ref": "x.body"})", {R"({"$ref": "x.body"})"}), R"({"$ref": "x.body"})");
}

TEST(BodyTemplate, LeavesEverythingElseAsItIs) {
  EXPECT_EQ(bound(R"({"a": "$ref", "ref": {"$references": 1}, "b": 1.50})", {}),
            R"({"a": "$ref", "ref": {"$references": 1}, "b": 1.50})");
}

TEST(BodyTemplate, RefusesWhatOnlyLooksLikeAReference) {
  EXPECT_EQ(bound(R"({"$ref": "#/definitions/x"})", {}), "BLST441");
  EXPECT_EQ(bound(R"({"$ref": 1})", {}), "BLST441");
  EXPECT_EQ(bound(R"([{"$ref": "x.body", "a": 1}])", {}), "BLST441");
}

TEST(BodyTemplate, DoesNotGrowBeyondItsLimit) {
  EXPECT_EQ(bound(R"([{"$ref":"x.body"},{"$ref":"x.body"}])", {"\"0123456789\"", "\"0123456789\""}, 60), "BLST413");
}

}  // namespace
}  // namespace ballast::batch
