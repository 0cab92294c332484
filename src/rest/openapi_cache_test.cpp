#include "rest/openapi_cache.hpp"

#include <gtest/gtest.h>

#include "rest/test_catalog.hpp"

namespace ballast::rest {
namespace {

class OpenApiCacheTest : public ::testing::Test {
 protected:
  std::string get(const std::string& key) {
    return *cache_.get(snapshot_, rules_, key, [this] { return "text " + std::to_string(++written_); });
  }
  OpenApiCache cache_;
  catalog::SnapshotPtr snapshot_ = testing::snapshot();
  std::shared_ptr<const policy::Rules> rules_ = std::make_shared<const policy::Rules>();
  int written_ = 0;
};

TEST_F(OpenApiCacheTest, WritesADescriptionOnce) {
  EXPECT_EQ(get("a"), "text 1");
  EXPECT_EQ(get("a"), "text 1");
  EXPECT_EQ(get("b"), "text 2");
}

TEST_F(OpenApiCacheTest, ForgetsWhatIsOfAnotherCatalogOrOtherRules) {
  get("a");
  snapshot_ = testing::snapshot();
  EXPECT_EQ(get("a"), "text 2");
  rules_ = std::make_shared<const policy::Rules>();
  EXPECT_EQ(get("a"), "text 3");
}

TEST_F(OpenApiCacheTest, KeepsWhatWasAskedForLast) {
  get("a");
  for (int i = 0; i < 7; ++i) get("other " + std::to_string(i));
  EXPECT_EQ(get("a"), "text 1");
  get("one more");
  EXPECT_EQ(get("a"), "text 1");
  EXPECT_NE(get("other 0"), "text 2");
}

}  // namespace
}  // namespace ballast::rest
