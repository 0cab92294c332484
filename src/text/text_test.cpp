#include <gtest/gtest.h>

#include "text/cursor.hpp"
#include "text/datetime.hpp"
#include "text/utf8.hpp"

namespace ballast::text {
namespace {

TEST(Cursor, TakesTextPieceByPiece) {
  Cursor in("not.eq.5");
  EXPECT_TRUE(in.eat("not."));
  EXPECT_EQ(in.until('.'), "eq");
  EXPECT_EQ(in.at(), 6U);
  EXPECT_TRUE(in.eat('.'));
  EXPECT_EQ(in.rest(), "5");
  EXPECT_EQ(in.next(), '5');
  EXPECT_TRUE(in.done());
  EXPECT_EQ(in.peek(), '\0');
  EXPECT_EQ(in.next(), '\0');
}

TEST(Cursor, NeverLeavesTheText) {
  Cursor in("ab");
  in.skip(10);
  EXPECT_TRUE(in.done());
  EXPECT_EQ(in.until('x'), "");
  EXPECT_EQ(in.peek(3), '\0');
}

TEST(Utf8, AcceptsEveryLengthAndRefusesWhatRfc3629Does) {
  EXPECT_TRUE(valid_utf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 and ascii behind it"));
  for (const std::string_view bad : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
                                     "\x80", "\xC3", "\xE2\x82", "ascii before \xFF"}) {
    EXPECT_FALSE(valid_utf8(bad));
  }
}

TEST(Utf8, ReplacesEachByteThatStartsNothing) {
  std::string out;
  append_valid_utf8(out, "a\xFF\xC3\xA9");
  EXPECT_EQ(out, "a\xEF\xBF\xBD\xC3\xA9");
}

TEST(Utf8, DecodesWhatItAppends) {
  for (const std::uint32_t c : {0x24U, 0xA9U, 0x20ACU, 0x1F600U}) {
    std::string out;
    append_code_point(out, c);
    std::size_t length = 0;
    EXPECT_EQ(decode_utf8(out, length), c);
    EXPECT_EQ(length, out.size());
  }
}

std::string normal(std::string_view text) {
  DateTime value;
  switch (parse_datetime(text, value)) {
    case DateTimeError::malformed:
      return "malformed";
    case DateTimeError::out_of_range:
      return "out of range";
    case DateTimeError::none:
      break;
  }
  if (!to_utc(value)) return "out of range";
  std::string out;
  append_datetime(out, value, ' ');
  return out;
}

TEST(DateTime, ReadsIsoForms) {
  EXPECT_EQ(normal("2024-01-31"), "2024-01-31 00:00:00");
  EXPECT_EQ(normal("20240131"), "2024-01-31 00:00:00");
  EXPECT_EQ(normal("2024-01-31T12:30"), "2024-01-31 12:30:00");
  EXPECT_EQ(normal("2024-01-31 12:30:15.25Z"), "2024-01-31 12:30:15.25");
  EXPECT_EQ(normal("2024-01-31T12:30:15+02:30"), "2024-01-31 10:00:15");
  EXPECT_EQ(normal("2024-01-01 00:30:00+01"), "2023-12-31 23:30:00");
  EXPECT_EQ(normal("2024-01-31 12:30:15 UTC"), "2024-01-31 12:30:15");
}

TEST(DateTime, RoundsAndCarries) {
  EXPECT_EQ(normal("2024-12-31 23:59:59.9999999"), "2025-01-01 00:00:00");
  EXPECT_EQ(normal("2024-12-31 24:00:00"), "2025-01-01 00:00:00");
  EXPECT_EQ(normal("2024-02-28 23:59:60"), "2024-02-29 00:00:00");
  EXPECT_EQ(normal("2024-01-01 00:00:00.1234564"), "2024-01-01 00:00:00.123456");
}

TEST(DateTime, TellsNonsenseFromImpossibleDates) {
  for (const std::string_view text : {"", "x", "2024", "2024-01", "2024-01-31T", "2024-01-3112:00", "12:00",
                                      "2024-01-31 12:00:00 Mars", "2024-01-31 12:00:", "2024-01-31 1"}) {
    EXPECT_EQ(normal(text), "malformed") << text;
  }
  for (const std::string_view text : {"2024-02-30", "2023-02-29", "2024-13-01", "2024-01-31 25:00:00", "0000-01-01",
                                      "2024-01-31 12:60:00", "9999-12-31 24:00:00"}) {
    EXPECT_EQ(normal(text), "out of range") << text;
  }
}

TEST(DateTime, CountsFromTheEpochBothWays) {
  DateTime value;
  ASSERT_TRUE(from_epoch(-1, 0, value));
  std::string out;
  append_datetime(out, value, 'T');
  EXPECT_EQ(out, "1969-12-31T23:59:59");
  EXPECT_FALSE(from_epoch(1LL << 60, 0, value));
}

}  // namespace
}  // namespace ballast::text
