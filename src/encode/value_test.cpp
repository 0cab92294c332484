#include "encode/value.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>

#include "encode/object_writer.hpp"

namespace ballast::encode {
namespace {

using catalog::Kind;
using sql::Cell;

Cell null() { return {}; }
Cell integer(std::int64_t v) { return {Cell::Kind::integer, v, 0, {}}; }
Cell real(double v) { return {Cell::Kind::real, 0, v, {}}; }
Cell text(std::string_view v) { return {Cell::Kind::text, 0, 0, v}; }
Cell blob(std::string_view v) { return {Cell::Kind::blob, 0, 0, v}; }

std::string json(const Cell& cell, Kind kind, int scale = -1) {
  std::string out;
  write_value(out, cell, kind, scale);
  return out;
}

std::string plain(const Cell& cell, Kind kind, int scale = -1) {
  std::string out;
  write_text(out, cell, kind, scale);
  return out;
}

TEST(WriteValue, ShowsNullForEveryKind) {
  EXPECT_EQ(json(null(), Kind::integer), "null");
  EXPECT_EQ(json(null(), Kind::json), "null");
  EXPECT_EQ(json(null(), Kind::bytea), "null");
}

TEST(WriteValue, ShowsBooleansFromBothEngines) {
  EXPECT_EQ(json(integer(1), Kind::boolean), "true");
  EXPECT_EQ(json(integer(0), Kind::boolean), "false");
  EXPECT_EQ(json(text("t"), Kind::boolean), "true");
  EXPECT_EQ(json(text("false"), Kind::boolean), "false");
  EXPECT_EQ(json(integer(2), Kind::boolean), "2");
}

TEST(WriteValue, KeepsEveryDigitOfIntegers) {
  EXPECT_EQ(json(integer(std::numeric_limits<std::int64_t>::min()), Kind::integer), "-9223372036854775808");
  EXPECT_EQ(json(text("9223372036854775807"), Kind::integer), "9223372036854775807");
}

TEST(WriteValue, ShowsWhatAnIntegerColumnHoldsHonestly) {
  EXPECT_EQ(json(text("abc"), Kind::integer), R"("abc")");
  EXPECT_EQ(json(text("007"), Kind::integer), R"("007")");
  EXPECT_EQ(json(real(1.5), Kind::integer), "1.5");
}

TEST(WriteValue, SpellsFloatsAsPostgres) {
  EXPECT_EQ(json(real(0.1), Kind::floating), "0.1");
  EXPECT_EQ(json(real(1), Kind::floating), "1");
  EXPECT_EQ(json(real(1e20), Kind::floating), "1e+20");
  EXPECT_EQ(json(real(1e15), Kind::floating), "1e+15");
  EXPECT_EQ(json(real(1e14), Kind::floating), "100000000000000");
  EXPECT_EQ(json(real(0.0001), Kind::floating), "0.0001");
  EXPECT_EQ(json(real(0.00001), Kind::floating), "1e-05");
  EXPECT_EQ(json(real(-0.0), Kind::floating), "-0");
  EXPECT_EQ(json(real(std::numeric_limits<double>::quiet_NaN()), Kind::floating), R"("NaN")");
  EXPECT_EQ(json(text("-Infinity"), Kind::floating), R"("-Infinity")");
}

TEST(WriteValue, ShowsNumericsWithTheirDeclaredScale) {
  EXPECT_EQ(json(real(0.99), Kind::numeric, 2), "0.99");
  EXPECT_EQ(json(integer(1), Kind::numeric, 2), "1.00");
  EXPECT_EQ(json(real(1.5), Kind::numeric, 2), "1.50");
  EXPECT_EQ(json(real(0.285), Kind::numeric, 2), "0.29");
  EXPECT_EQ(json(real(9.995), Kind::numeric, 2), "10.00");
  EXPECT_EQ(json(real(-9.996), Kind::numeric, 2), "-10.00");
  EXPECT_EQ(json(real(-0.001), Kind::numeric, 2), "0.00");
  EXPECT_EQ(json(real(2.5), Kind::numeric, 0), "3");
  EXPECT_EQ(json(real(1e22), Kind::numeric, 1), "10000000000000000000000.0");
  EXPECT_EQ(json(text("12345678901234567890.12"), Kind::numeric, 2), "12345678901234567890.12");
}

TEST(WriteValue, ShowsTheSameDigitsOnTheShortWayAndTheLongOne) {
  for (const double value : {0.01, 0.1, 1.005, 123456.78, -0.05, 99999999999.99, 1e-7, 0.29, 4.35, 1e13}) {
    char expected[64];
    std::snprintf(expected, sizeof expected, "%.2f", std::round(value * 100.0 + (value > 0 ? 1e-7 : -1e-7)) / 100.0);
    EXPECT_EQ(json(real(value), Kind::numeric, 2), value == 1e-7 ? "0.00" : expected);
  }
}

TEST(WriteValue, ShowsNumericsWithoutScaleInPlainDigits) {
  EXPECT_EQ(json(real(1e20), Kind::numeric), "100000000000000000000");
  EXPECT_EQ(json(real(0.00001), Kind::numeric), "0.00001");
  EXPECT_EQ(json(text("NaN"), Kind::numeric), R"("NaN")");
}

TEST(WriteValue, EscapesTextAndReplacesBytesThatAreNoUtf8) {
  EXPECT_EQ(json(text("a\"b\\c\n\x01"), Kind::text), R"("a\"b\\c\n\u0001")");
  EXPECT_EQ(json(text("caf\xC3\xA9 long enough for a block"), Kind::text), "\"caf\xC3\xA9 long enough for a block\"");
  EXPECT_EQ(json(text("bad\xFFtail \" quote"), Kind::text), "\"bad\xEF\xBF\xBDtail \\\" quote\"");
}

TEST(WriteValue, ShowsNumbersInTextColumnsAsStrings) { EXPECT_EQ(json(integer(5), Kind::text), R"("5")"); }

TEST(WriteValue, ShowsBlobsAsHexadecimal) {
  EXPECT_EQ(json(blob(std::string_view("\x00\xff", 2)), Kind::bytea), R"("\\x00ff")");
  EXPECT_EQ(json(blob("\xff"), Kind::text), R"("\\xff")");
  EXPECT_EQ(json(blob("plain"), Kind::text), R"("plain")");
}

TEST(WriteValue, ShowsTimestampsInIso8601) {
  EXPECT_EQ(json(text("2024-01-31 12:00:00"), Kind::timestamp), R"("2024-01-31T12:00:00")");
  EXPECT_EQ(json(text("2024-01-31 12:00:00.500"), Kind::timestamp), R"("2024-01-31T12:00:00.5")");
  EXPECT_EQ(json(text("2024-01-31"), Kind::timestamp), R"("2024-01-31T00:00:00")");
  EXPECT_EQ(json(text("2024-01-31 12:00:00"), Kind::timestamptz), R"("2024-01-31T12:00:00+00:00")");
  EXPECT_EQ(json(text("2024-01-31T12:00:00+02:00"), Kind::timestamptz), R"("2024-01-31T10:00:00+00:00")");
  EXPECT_EQ(json(text("infinity"), Kind::timestamp), R"("infinity")");
  EXPECT_EQ(json(text("0044-03-15 12:00:00+00 BC"), Kind::timestamptz), R"("0044-03-15T12:00:00+00:00 BC")");
}

TEST(WriteValue, ShowsTheDatePartOfADateColumn) {
  EXPECT_EQ(json(text("2024-01-31 12:00:00"), Kind::date), R"("2024-01-31")");
}

TEST(WriteValue, ReadsNumbersInTimestampColumnsAsSqliteDoes) {
  EXPECT_EQ(json(integer(1700000000), Kind::timestamp), R"("2023-11-14T22:13:20")");
  EXPECT_EQ(json(integer(1700000000123), Kind::timestamptz), R"("2023-11-14T22:13:20.123+00:00")");
  EXPECT_EQ(json(real(2440587.5), Kind::timestamp), R"("1970-01-01T00:00:00")");
}

TEST(WriteValue, EmbedsValidJsonAndQuotesTheRest) {
  EXPECT_EQ(json(text(R"({"a":[1, 2.50]})"), Kind::json), R"({"a":[1, 2.50]})");
  EXPECT_EQ(json(text("{broken"), Kind::json), R"("{broken")");
  EXPECT_EQ(json(integer(3), Kind::json), "3");
}

TEST(WriteValue, ShowsSixteenByteBlobsAsUuids) {
  EXPECT_EQ(json(blob("0123456789abcdef"), Kind::uuid), R"("30313233-3435-3637-3839-616263646566")");
}

TEST(WriteText, FollowsPostgresTextOutput) {
  EXPECT_EQ(plain(integer(1), Kind::boolean), "t");
  EXPECT_EQ(plain(text("2024-01-31T12:00:00"), Kind::timestamp), "2024-01-31 12:00:00");
  EXPECT_EQ(plain(null(), Kind::text), "");
  EXPECT_EQ(plain(blob("\x01"), Kind::bytea), "\\x01");
}

Object example() {
  Nested artist;
  artist.key = "artist";
  artist.present = 2;
  artist.object->members = {Field{"name", 3, Kind::text, -1}};
  Object object;
  object.members = {Field{"id", 0, Kind::integer, -1}, Verbatim{"tracks", 1, "[]"}, artist};
  return object;
}

TEST(WriteObject, NestsFlatRows) {
  const Cell cells[] = {integer(7), text("[1]"), integer(1), text("AC/DC")};
  std::string out;
  write_object(out, example(), cells);
  EXPECT_EQ(out, R"({"id":7,"tracks":[1],"artist":{"name":"AC/DC"}})");
}

TEST(ObjectWriter, WritesWhatWriteObjectDoes) {
  const Object object = example();
  const ObjectWriter writer(object);
  const std::vector<std::vector<Cell>> rows = {{integer(7), text("[1]"), integer(1), text("AC/DC")},
                                               {integer(7), null(), null(), null()}};
  for (const auto& cells : rows) {
    std::string once;
    write_object(once, object, cells);
    std::string again;
    writer.write(again, cells);
    EXPECT_EQ(again, once);
  }
  std::string empty;
  const Object none;
  ObjectWriter(none).write(empty, {});
  EXPECT_EQ(empty, "{}");
}

TEST(WriteObject, ShowsAbsentEmbedsAsNullAndMissingListsAsEmpty) {
  const Cell cells[] = {integer(7), null(), null(), null()};
  std::string out;
  write_object(out, example(), cells);
  EXPECT_EQ(out, R"({"id":7,"tracks":[],"artist":null})");
}

TEST(WriteObject, StripsNullsAtEveryDepth) {
  const Cell cells[] = {null(), text(R"([{"a":null,"b":[null, {"c":null}]},null])"), null(), null()};
  std::string out;
  write_object_without_nulls(out, example(), cells);
  EXPECT_EQ(out, R"({"tracks":[{"b":[null,{}]},null]})");
}

TEST(WriteObject, WritesABareValueAlone) {
  Object object;
  object.bare = true;
  object.members = {Field{"x", 0, Kind::integer, -1}};
  const Cell cells[] = {integer(7)};
  std::string out;
  write_object(out, object, cells);
  EXPECT_EQ(out, "7");
}

}  // namespace
}  // namespace ballast::encode
