#include "rest/media_type.hpp"

#include <gtest/gtest.h>

namespace ballast::rest {
namespace {

TEST(BodyTypes, AreJsonUnlessTold) {
  EXPECT_EQ(body_type("").value(), BodyType::json);
  EXPECT_EQ(body_type("application/json; charset=utf-8").value(), BodyType::json);
  EXPECT_EQ(body_type("Text/CSV").value(), BodyType::csv);
  EXPECT_EQ(body_type("application/x-www-form-urlencoded").value(), BodyType::form);
  EXPECT_EQ(body_type("text/html").error().status, 415);
}

}  // namespace
}  // namespace ballast::rest
