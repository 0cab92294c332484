#include "sql/dialect.hpp"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(Dialect, NumbersItsPlaceholders) {
  std::string out;
  sqlite().placeholder(out, 3);
  postgres().placeholder(out, 12);
  EXPECT_EQ(out, "?3$12");
}

}  // namespace
}  // namespace ballast::sql
