#include "catalog/type.hpp"

#include <gtest/gtest.h>

namespace ballast::catalog {
namespace {

TEST(TypeNamed, KnowsAliases) {
  EXPECT_EQ(type_named("int").name, "integer");
  EXPECT_EQ(type_named("VARCHAR(20)").name, "character varying");
  EXPECT_EQ(type_named("VARCHAR(20)").precision, 20);
  EXPECT_EQ(type_named("timestamptz").kind, Kind::timestamptz);
  EXPECT_EQ(type_named("timestamp(3)  with time zone").kind, Kind::timestamptz);
}

TEST(TypeNamed, ReadsPrecisionAndScale) {
  const Type money = type_named("numeric(10, 2)");
  EXPECT_EQ(money.precision, 10);
  EXPECT_EQ(money.scale, 2);
  EXPECT_EQ(type_named("numeric(10)").scale, 0);
  EXPECT_EQ(type_named("numeric").scale, -1);
}

TEST(TypeNamed, CallsWhatItDoesNotKnowOther) {
  EXPECT_EQ(type_named("int; drop table x").kind, Kind::other);
  EXPECT_EQ(type_named("numeric(10").kind, Kind::other);
  EXPECT_EQ(type_named("").kind, Kind::other);
}

TEST(TypeNamed, SeesArrays) { EXPECT_EQ(type_named("int[]").kind, Kind::array); }

}  // namespace
}  // namespace ballast::catalog
