#include "encode/canonical.hpp"

#include <gtest/gtest.h>

#include "encode/value.hpp"

namespace ballast::encode {
namespace {

using catalog::Kind;

std::string json(std::string_view text, Kind kind) {
  std::string out;
  append_canonical(out, text, kind);
  return out;
}

TEST(Canonical, CopiesNumbersDigitByDigit) {
  EXPECT_EQ(json("-9223372036854775808", Kind::integer), "-9223372036854775808");
  EXPECT_EQ(json("1e+20", Kind::floating), "1e+20");
  EXPECT_EQ(json("-0", Kind::floating), "-0");
  EXPECT_EQ(json("0.10000000000000000000000000", Kind::numeric), "0.10000000000000000000000000");
}

TEST(Canonical, QuotesWhatIsNoNumberInJson) {
  EXPECT_EQ(json("NaN", Kind::floating), R"("NaN")");
  EXPECT_EQ(json("Infinity", Kind::floating), R"("Infinity")");
  EXPECT_EQ(json("-Infinity", Kind::numeric), R"("-Infinity")");
}

TEST(Canonical, SpellsBooleansOut) {
  EXPECT_EQ(json("t", Kind::boolean), "true");
  EXPECT_EQ(json("f", Kind::boolean), "false");
}

TEST(Canonical, PutsTheTimeAfterAT) {
  EXPECT_EQ(json("2024-01-31 12:00:00.5", Kind::timestamp), R"("2024-01-31T12:00:00.5")");
  EXPECT_EQ(json("12024-01-31 00:00:00", Kind::timestamp), R"("12024-01-31T00:00:00")");
  EXPECT_EQ(json("0044-03-15 12:00:00 BC", Kind::timestamp), R"("0044-03-15T12:00:00 BC")");
  EXPECT_EQ(json("-infinity", Kind::timestamp), R"("-infinity")");
}

TEST(Canonical, KeepsZonesAndGivesThemMinutes) {
  EXPECT_EQ(json("2024-01-31 12:00:00+00", Kind::timestamptz), R"("2024-01-31T12:00:00+00:00")");
  EXPECT_EQ(json("2024-01-31 12:00:00.123456-11", Kind::timestamptz), R"("2024-01-31T12:00:00.123456-11:00")");
  EXPECT_EQ(json("2024-01-31 12:00:00+05:30", Kind::timestamptz), R"("2024-01-31T12:00:00+05:30")");
  EXPECT_EQ(json("1900-01-01 00:00:00-00:19:32", Kind::timestamptz), R"("1900-01-01T00:00:00-00:19:32")");
  EXPECT_EQ(json("0044-03-15 12:00:00+02 BC", Kind::timestamptz), R"("0044-03-15T12:00:00+02:00 BC")");
  EXPECT_EQ(json("infinity", Kind::timestamptz), R"("infinity")");
}

TEST(Canonical, LeavesDatesAndTimesOfDayAsTheyAre) {
  EXPECT_EQ(json("0044-03-15 BC", Kind::date), R"("0044-03-15 BC")");
  EXPECT_EQ(json("12:00:00+02", Kind::time), R"("12:00:00+02")");
}

TEST(Canonical, EmbedsJsonAndQuotesTheRest) {
  EXPECT_EQ(json("{\"a\" : 1}", Kind::json), "{\"a\" : 1}");
  EXPECT_EQ(json("[1,2]", Kind::array), "[1,2]");
  EXPECT_EQ(json("\\xdead", Kind::bytea), R"("\\xdead")");
  EXPECT_EQ(json("[1,\"a\")", Kind::range), "\"[1,\\\"a\\\")\"");
  EXPECT_EQ(json("a\n\x01", Kind::text), R"("a\n\u0001")");
}

std::string array(std::string_view text, Kind element) {
  std::string out;
  append_canonical_array(out, text, element);
  return out;
}

TEST(CanonicalArray, MakesListsOfTheElementsJson) {
  EXPECT_EQ(array("{}", Kind::integer), "[]");
  EXPECT_EQ(array("{1,NULL,-3}", Kind::integer), "[1,null,-3]");
  EXPECT_EQ(array("{{1,2},{3,4}}", Kind::integer), "[[1,2],[3,4]]");
  EXPECT_EQ(array("[2:3][-1:0]={{t,f},{f,NULL}}", Kind::boolean), "[[true,false],[false,null]]");
  EXPECT_EQ(array("{NaN,1.50}", Kind::numeric), R"(["NaN",1.50])");
}

TEST(CanonicalArray, ReadsQuotedElements) {
  EXPECT_EQ(array(R"({a,"","NULL","{x,y}","q\"\\"})", Kind::text), R"(["a","","NULL","{x,y}","q\"\\"])");
  EXPECT_EQ(array(R"({"2024-01-31 12:00:00+00",infinity})", Kind::timestamptz),
            R"(["2024-01-31T12:00:00+00:00","infinity"])");
  EXPECT_EQ(array(R"({"{\"a\": 1}",3})", Kind::json), R"([{"a": 1},3])");
  EXPECT_EQ(array(R"({"\\xdead"})", Kind::bytea), R"(["\\xdead"])");
}

TEST(CanonicalArray, EndsWithTextThatIsNone) {
  EXPECT_EQ(array("", Kind::text), "");
  EXPECT_EQ(array(R"({"a)", Kind::text), R"(["a")");
}

TEST(Canonical, IsWrittenAsItIsWhereTextIsWanted) {
  Field field{"at", 0, Kind::timestamptz};
  field.canonical = true;
  const sql::Cell cell{sql::Cell::Kind::text, 0, 0, "2024-01-31 14:00:00+02"};
  std::string out;
  write_field_text(out, cell, field);
  EXPECT_EQ(out, "2024-01-31 14:00:00+02");
  out.clear();
  write_field(out, {}, field);
  EXPECT_EQ(out, "null");
}

}  // namespace
}  // namespace ballast::encode
