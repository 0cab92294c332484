#include "json/text.hpp"

#include <gtest/gtest.h>

namespace ballast::json {
namespace {

TEST(JsonText, MindsTheCommas) {
  Text text;
  text.object().member("a", "x\"y").key("b").array().integer(1).boolean(true).object().end().end();
  text.key("c").raw("null").end();
  EXPECT_EQ(text.take(), R"({"a":"x\"y","b":[1,true,{}],"c":null})");
}

}  // namespace
}  // namespace ballast::json
