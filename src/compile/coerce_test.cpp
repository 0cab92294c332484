#include "compile/coerce.hpp"

#include <gtest/gtest.h>

namespace ballast::compile {
namespace {

sql::Param stored(std::string text, std::string_view type, Purpose purpose = Purpose::store) {
  auto param = coerce(std::move(text), catalog::type_named(type), sql::Engine::sqlite, purpose);
  if (!param) return param.error().code + " " + param.error().message;
  return *std::move(param);
}

sql::Param from_json(std::string_view raw, std::string_view type) {
  auto param = coerce_json(raw, catalog::type_named(type), sql::Engine::sqlite);
  if (!param) return param.error().code + " " + param.error().message;
  return *std::move(param);
}

using Text = std::string;

TEST(Coerce, LeavesEverythingToPostgres) {
  const auto param = coerce("abc", catalog::type_named("integer"), sql::Engine::postgres, Purpose::store);
  ASSERT_TRUE(param.ok());
  EXPECT_EQ(*param, sql::Param(Text("abc")));
}

TEST(Coerce, ReadsIntegers) {
  EXPECT_EQ(stored("42", "integer"), sql::Param(std::int64_t{42}));
  EXPECT_EQ(stored(" -9223372036854775808 ", "bigint"), sql::Param(std::numeric_limits<std::int64_t>::min()));
  EXPECT_EQ(stored("+7", "integer"), sql::Param(std::int64_t{7}));
  EXPECT_EQ(stored("abc", "integer"), sql::Param(Text("22P02 invalid input syntax for type integer: \"abc\"")));
  EXPECT_EQ(stored("1.5", "integer"), sql::Param(Text("22P02 invalid input syntax for type integer: \"1.5\"")));
  EXPECT_EQ(stored("", "integer"), sql::Param(Text("22P02 invalid input syntax for type integer: \"\"")));
  EXPECT_EQ(stored("+-1", "integer"), sql::Param(Text("22P02 invalid input syntax for type integer: \"+-1\"")));
  EXPECT_EQ(stored("9223372036854775808", "bigint"),
            sql::Param(Text("22003 value \"9223372036854775808\" is out of range for type bigint")));
}

TEST(Coerce, ReadsPostgresSpellingsOfBooleans) {
  for (const char* yes : {"t", "TRUE", "tr", "yes", "y", "on", "1"})
    EXPECT_EQ(stored(yes, "boolean"), sql::Param(true));
  for (const char* no : {"f", "False", "no", "n", "off", "of", "0"})
    EXPECT_EQ(stored(no, "boolean"), sql::Param(false));
  for (const char* bad : {"", "o", "2", "truee", "x"}) EXPECT_EQ(stored(bad, "boolean").index(), 4U) << bad;
}

TEST(Coerce, ReadsFloats) {
  EXPECT_EQ(stored("1e3", "double precision"), sql::Param(1000.0));
  EXPECT_EQ(stored("-.5", "double precision"), sql::Param(-0.5));
  EXPECT_EQ(stored("-inf", "double precision"), sql::Param(-std::numeric_limits<double>::infinity()));
  EXPECT_EQ(stored("1e999", "double precision"),
            sql::Param(Text("22003 \"1e999\" is out of range for type double precision")));
  EXPECT_EQ(stored("0x10", "double precision"),
            sql::Param(Text("22P02 invalid input syntax for type double precision: \"0x10\"")));
}

TEST(Coerce, KeepsNumericsExact) {
  EXPECT_EQ(stored("12", "numeric"), sql::Param(std::int64_t{12}));
  EXPECT_EQ(stored("12.50", "numeric"), sql::Param(12.5));
  EXPECT_EQ(stored("12345678901234567890.123", "numeric"), sql::Param(Text("12345678901234567890.123")));
  EXPECT_EQ(stored("1e3", "numeric"), sql::Param(std::int64_t{1000}));
  EXPECT_EQ(stored("0.1234567890123456", "numeric"), sql::Param(Text("0.1234567890123456")));
  EXPECT_EQ(stored("-0", "numeric"), sql::Param(std::int64_t{0}));
  EXPECT_EQ(stored("1e", "numeric"), sql::Param(Text("22P02 invalid input syntax for type numeric: \"1e\"")));
  EXPECT_EQ(stored("1e999999999999", "numeric"), sql::Param(Text("22003 value overflows numeric format")));
}

TEST(Coerce, RoundsStoredNumericsToTheirScaleAndComparesThemAsTheyAre) {
  EXPECT_EQ(stored("1.005", "numeric(10,2)"), sql::Param(1.01));
  EXPECT_EQ(stored("-1.005", "numeric(10,2)"), sql::Param(-1.01));
  EXPECT_EQ(stored("0.004", "numeric(10,2)"), sql::Param(std::int64_t{0}));
  EXPECT_EQ(stored("9.999", "numeric(10,2)"), sql::Param(std::int64_t{10}));
  EXPECT_EQ(stored("1.005", "numeric(10,2)", Purpose::compare), sql::Param(1.005));
  EXPECT_EQ(stored("123", "numeric(4,2)"), sql::Param(Text("22003 numeric field overflow")));
  EXPECT_EQ(stored("99.999", "numeric(4,2)"), sql::Param(Text("22003 numeric field overflow")));
}

TEST(Coerce, NormalisesMoments) {
  EXPECT_EQ(stored("2024-01-31", "date"), sql::Param(Text("2024-01-31")));
  EXPECT_EQ(stored("2024-01-31T10:00:00", "date"), sql::Param(Text("2024-01-31")));
  EXPECT_EQ(stored("2024-01-31T10:00:00.500", "timestamp"), sql::Param(Text("2024-01-31 10:00:00.5")));
  EXPECT_EQ(stored("2024-01-31", "timestamp"), sql::Param(Text("2024-01-31 00:00:00")));
  EXPECT_EQ(stored("2024-01-31T10:00:00+02:00", "timestamp"), sql::Param(Text("2024-01-31 10:00:00")));
  EXPECT_EQ(stored("2024-01-31T10:00:00+02:00", "timestamptz"), sql::Param(Text("2024-01-31 08:00:00")));
  EXPECT_EQ(stored("infinity", "timestamp"), sql::Param(Text("infinity")));
  EXPECT_EQ(stored("9:05", "time"), sql::Param(Text("09:05:00")));
  EXPECT_EQ(stored("x", "date"), sql::Param(Text("22007 invalid input syntax for type date: \"x\"")));
  EXPECT_EQ(stored("2024-02-30", "date"), sql::Param(Text("22008 date/time field value out of range: \"2024-02-30\"")));
}

TEST(Coerce, NormalisesUuids) {
  EXPECT_EQ(stored("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "uuid"),
            sql::Param(Text("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")));
  EXPECT_EQ(stored("{a0eebc999c0b4ef8bb6d6bb9bd380a11}", "uuid"),
            sql::Param(Text("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")));
  EXPECT_EQ(stored("a0eebc99", "uuid"), sql::Param(Text("22P02 invalid input syntax for type uuid: \"a0eebc99\"")));
}

TEST(Coerce, ReadsBytes) {
  EXPECT_EQ(stored("\\x00fF", "bytea"), sql::Param(sql::Blob{Text("\0\xff", 2)}));
  EXPECT_EQ(stored("a\\\\b\\001", "bytea"), sql::Param(sql::Blob{"a\\b\x01"}));
  EXPECT_EQ(stored("\\x0", "bytea"), sql::Param(Text("22023 invalid hexadecimal data: odd number of digits")));
  EXPECT_EQ(stored("\\xzz", "bytea"), sql::Param(Text("22023 invalid hexadecimal digit: \"z\"")));
}

TEST(Coerce, ChecksJsonAndLengths) {
  EXPECT_EQ(stored(R"({"a":1})", "json"), sql::Param(Text(R"({"a":1})")));
  EXPECT_EQ(stored("{a", "json"), sql::Param(Text("22P02 invalid input syntax for type json")));
  EXPECT_EQ(stored("\xC3\xA9\xC3\xA9", "varchar(2)"), sql::Param(Text("\xC3\xA9\xC3\xA9")));
  EXPECT_EQ(stored("abc", "varchar(2)"), sql::Param(Text("22001 value too long for type character varying(2)")));
  EXPECT_EQ(stored("abc", "varchar(2)", Purpose::compare), sql::Param(Text("abc")));
}

TEST(Coerce, RefusesNul) {
  EXPECT_EQ(stored(Text("a\0b", 3), "text"),
            sql::Param(Text("22021 invalid byte sequence for encoding \"UTF8\": 0x00")));
}

TEST(CoerceJson, ConvertsAsJsonToRecordsetDoes) {
  EXPECT_EQ(from_json("null", "integer"), sql::Param(sql::Null{}));
  EXPECT_EQ(from_json("\"5\"", "integer"), sql::Param(std::int64_t{5}));
  EXPECT_EQ(from_json("true", "text"), sql::Param(Text("true")));
  EXPECT_EQ(from_json("true", "integer"), sql::Param(Text("22P02 invalid input syntax for type integer: \"true\"")));
  EXPECT_EQ(from_json(R"({"a": 1})", "text"), sql::Param(Text(R"({"a": 1})")));
  EXPECT_EQ(from_json("\"a\\u0062\"", "text"), sql::Param(Text("ab")));
  EXPECT_EQ(from_json("\"a\"", "json"), sql::Param(Text("\"a\"")));
  EXPECT_EQ(from_json(R"({"a":1.50})", "jsonb"), sql::Param(Text(R"({"a":1.50})")));
  EXPECT_EQ(from_json("12345678901234567890.5", "numeric"), sql::Param(Text("12345678901234567890.5")));
  EXPECT_EQ(from_json("\"\\u0000\"", "text"),
            sql::Param(Text("22021 invalid byte sequence for encoding \"UTF8\": 0x00")));
}

}  // namespace
}  // namespace ballast::compile
