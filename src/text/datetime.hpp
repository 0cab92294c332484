#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Dates and times as ISO 8601 and PostgreSQL write them, in the proleptic Gregorian calendar, years 1 to 9999.
namespace ballast::text {

struct DateTime {
  int year = 1;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int microsecond = 0;
  bool has_time = false;              ///< the text had a time of day
  std::optional<int> offset_seconds;  ///< east of UTC, when the text named a zone
  friend bool operator==(const DateTime&, const DateTime&) = default;
};

enum class DateTimeError : std::uint8_t { none, malformed, out_of_range };

/// `datetime ::= date [ ( 'T' | ' '+ ) time [ ' ' ] [ zone ] ]`, `date ::= YYYY-MM-DD | YYYYMMDD`,
/// `time ::= H[H]:MM[:SS[.fraction]]`, `zone ::= Z | UTC | GMT | ( + | - ) HH[[:]MM[:SS]]`. White space around it is
/// ignored. Digits beyond microseconds round; 24:00:00 and second 60 carry over. On an error `out` is unspecified.
DateTimeError parse_datetime(std::string_view text, DateTime& out);

/// `time` alone, in the same forms; the date fields keep their defaults.
DateTimeError parse_time(std::string_view text, DateTime& out);

/// The same instant at offset 0. False when it leaves the years 1 to 9999.
bool to_utc(DateTime& value);

/// From seconds since 1970-01-01T00:00:00Z. False outside the years 1 to 9999.
bool from_epoch(std::int64_t seconds, int microsecond, DateTime& out);

void append_date(std::string& out, const DateTime& value);  ///< YYYY-MM-DD
void append_time(std::string& out, const DateTime& value);  ///< HH:MM:SS[.ffffff], trailing zeros trimmed
/// date, `separator`, time; never the offset.
void append_datetime(std::string& out, const DateTime& value, char separator);

}  // namespace ballast::text
