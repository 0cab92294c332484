#include "graphql/type_mapping.hpp"

#include <gtest/gtest.h>

#include "graphql/test_catalog.hpp"

namespace ballast::graphql {
namespace {

using namespace testing;  // NOLINT(google-build-using-namespace)
using catalog::type_named;

std::string mapped(const catalog::Type& type, bool resolve_base_type = false) {
  const auto found = map_type(type, resolve_base_type);
  if (!found) return "nothing";
  const std::string name(found->enumeration != nullptr ? std::string_view(found->enumeration->name) : found->scalar);
  return found->list ? "[" + name + "]" : name;
}

TEST(TypeMapping, GivesScalars) {
  EXPECT_EQ(mapped(type_named("smallint")), "Int");
  EXPECT_EQ(mapped(type_named("integer")), "Int");
  EXPECT_EQ(mapped(type_named("bigint")), "BigInt");
  EXPECT_EQ(mapped(type_named("real")), "Float");
  EXPECT_EQ(mapped(type_named("double precision")), "Float");
  EXPECT_EQ(mapped(type_named("numeric(10,2)")), "BigFloat");
  EXPECT_EQ(mapped(type_named("boolean")), "Boolean");
  EXPECT_EQ(mapped(type_named("varchar(3)")), "String");
  EXPECT_EQ(mapped(type_named("char(3)")), "String");
  EXPECT_EQ(mapped(type_named("date")), "Date");
  EXPECT_EQ(mapped(type_named("time")), "Time");
  EXPECT_EQ(mapped(type_named("timestamp")), "Datetime");
  EXPECT_EQ(mapped(type_named("timestamptz")), "Datetime");
  EXPECT_EQ(mapped(type_named("uuid")), "UUID");
  EXPECT_EQ(mapped(type_named("jsonb")), "JSON");
  EXPECT_EQ(mapped({catalog::Kind::other, "extensions.citext"}), "String");
}

TEST(TypeMapping, GivesOpaqueForWhatItDoesNotKnow) {
  EXPECT_EQ(mapped(type_named("inet")), "Opaque");
  EXPECT_EQ(mapped(type_named("bytea")), "Opaque");
  EXPECT_EQ(mapped(type_named("interval")), "Opaque");
  EXPECT_EQ(mapped({catalog::Kind::time, "time with time zone"}), "Opaque");
  EXPECT_EQ(mapped({catalog::Kind::range, "int4range"}), "Opaque");
}

TEST(TypeMapping, GivesListsAndEnums) {
  EXPECT_EQ(mapped(type_named("text[]")), "[String]");
  EXPECT_EQ(mapped(array_of(type_named("bigint"))), "[BigInt]");
  EXPECT_EQ(mapped(enumeration("mood", {"sad"})), "mood");
  EXPECT_EQ(mapped(array_of(enumeration("mood", {"sad"}))), "[mood]");
}

TEST(TypeMapping, LeavesRowsOut) {
  EXPECT_EQ(mapped({catalog::Kind::composite, "pair"}), "nothing");
  EXPECT_EQ(mapped(array_of({catalog::Kind::composite, "pair"})), "nothing");
  EXPECT_EQ(mapped(array_of(array_of(type_named("text")))), "nothing");
}

TEST(TypeMapping, ResolvesDomainsWhenAsked) {
  const auto positive = domain_over(type_named("integer"));
  EXPECT_EQ(mapped(positive), "Opaque");
  EXPECT_EQ(mapped(positive, true), "Int");
  EXPECT_EQ(mapped(array_of(positive), true), "[Int]");
  EXPECT_EQ(mapped(domain_over(type_named("text[]")), true), "[String]");
}

}  // namespace
}  // namespace ballast::graphql
