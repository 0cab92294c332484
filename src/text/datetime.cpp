#include "text/datetime.hpp"

#include "text/cursor.hpp"

namespace ballast::text {
namespace {

constexpr std::int64_t seconds_per_day = 86'400;

// Days since 1970-01-01 of a civil date and back (Howard Hinnant, "chrono-compatible low-level date algorithms").
std::int64_t days_from_civil(std::int64_t y, int m, int d) {
  y -= m <= 2 ? 1 : 0;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t yoe = y - era * 400;
  const std::int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  const std::int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146'097 + doe - 719'468;
}

void civil_from_days(std::int64_t z, DateTime& out) {
  z += 719'468;
  const std::int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const std::int64_t doe = z - era * 146'097;
  const std::int64_t yoe = (doe - doe / 1'460 + doe / 36'524 - doe / 146'096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const std::int64_t mp = (5 * doy + 2) / 153;
  out.day = static_cast<int>(doy - (153 * mp + 2) / 5 + 1);
  out.month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  out.year = static_cast<int>(yoe + era * 400 + (out.month <= 2 ? 1 : 0));
}

int days_in_month(int year, int month) {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/// Takes `least` to `most` digits.
bool number(Cursor& in, std::size_t least, std::size_t most, int& out) {
  const std::size_t from = in.at();
  int value = 0;
  while (in.at() - from < most && is(in.peek(), digit)) value = value * 10 + (in.next() - '0');
  out = value;
  return in.at() - from >= least;
}

void skip_spaces(Cursor& in) { in.run(space); }

bool parse_date_part(Cursor& in, DateTime& out) {
  if (!number(in, 4, 4, out.year)) return false;
  if (in.eat('-')) return number(in, 1, 2, out.month) && in.eat('-') && number(in, 1, 2, out.day);
  return number(in, 2, 2, out.month) && number(in, 2, 2, out.day);
}

bool parse_fraction(Cursor& in, DateTime& out) {
  int scale = 100'000;
  bool any = false;
  bool round_up = false;
  for (int place = 0; is(in.peek(), digit); ++place) {
    const int value = in.next() - '0';
    any = true;
    if (place < 6) {
      out.microsecond += value * scale;
      scale /= 10;
    } else if (place == 6) {
      round_up = value >= 5;
    }
  }
  if (round_up) ++out.microsecond;
  return any;
}

bool parse_time_part(Cursor& in, DateTime& out) {
  out.has_time = true;
  if (!number(in, 1, 2, out.hour) || !in.eat(':') || !number(in, 2, 2, out.minute)) return false;
  if (!in.eat(':')) return true;
  if (!number(in, 2, 2, out.second)) return false;
  return !in.eat('.') || parse_fraction(in, out);
}

bool parse_zone(Cursor& in, DateTime& out) {
  skip_spaces(in);
  const auto word = [&](std::string_view upper) {
    for (std::size_t i = 0; i < upper.size(); ++i) {
      if (lower(in.peek(i)) != lower(upper[i])) return false;
    }
    in.skip(upper.size());
    return true;
  };
  if (in.done()) return true;
  if (word("utc") || word("gmt") || word("z")) {
    out.offset_seconds = 0;
    return true;
  }
  const bool west = in.peek() == '-';
  if (!west && in.peek() != '+') return false;
  in.skip();
  int hours = 0;
  int minutes = 0;
  int seconds = 0;
  if (!number(in, 1, 2, hours)) return false;
  if (in.eat(':')) {
    if (!number(in, 2, 2, minutes)) return false;
    if (in.eat(':') && !number(in, 2, 2, seconds)) return false;
  } else if (is(in.peek(), digit) && !number(in, 2, 2, minutes)) {
    return false;
  }
  if (hours > 15 || minutes > 59 || seconds > 59) return false;  // PostgreSQL's MAX_TZDISP_HOUR
  const int offset = hours * 3600 + minutes * 60 + seconds;
  out.offset_seconds = west ? -offset : offset;
  return true;
}

bool in_range(const DateTime& value) {
  if (value.year < 1 || value.month < 1 || value.month > 12) return false;
  if (value.day < 1 || value.day > days_in_month(value.year, value.month)) return false;
  if (value.minute > 59 || value.second > 60 || value.microsecond > 1'000'000) return false;
  return value.hour < 24 || (value.hour == 24 && value.minute == 0 && value.second == 0 && value.microsecond == 0);
}

/// Carries 24:00:00, second 60 and rounded fractions into the fields above them.
bool carry(DateTime& value) {
  if (value.microsecond < 1'000'000 && value.second < 60 && value.hour < 24) return true;
  std::int64_t seconds = days_from_civil(value.year, value.month, value.day) * seconds_per_day + value.hour * 3600 +
                         value.minute * 60 + value.second;
  if (value.microsecond >= 1'000'000) {
    value.microsecond -= 1'000'000;
    ++seconds;
  }
  const auto offset = value.offset_seconds;
  const bool ok = from_epoch(seconds, value.microsecond, value);
  value.offset_seconds = offset;
  return ok;
}

void append_padded(std::string& out, int value, int width) {
  char digits[8];
  for (int i = width - 1; i >= 0; --i) {
    digits[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  out.append(digits, static_cast<std::size_t>(width));
}

}  // namespace

DateTimeError parse_datetime(std::string_view text, DateTime& out) {
  out = {};
  Cursor in(text);
  skip_spaces(in);
  if (!parse_date_part(in, out)) return DateTimeError::malformed;
  const std::size_t before = in.at();
  const bool t = in.eat('T') || in.eat('t');
  skip_spaces(in);
  if (!in.done()) {
    if (!t && in.at() == before) return DateTimeError::malformed;
    if (!parse_time_part(in, out) || !parse_zone(in, out)) return DateTimeError::malformed;
    skip_spaces(in);
    if (!in.done()) return DateTimeError::malformed;
  } else if (t) {
    return DateTimeError::malformed;
  }
  return in_range(out) && carry(out) ? DateTimeError::none : DateTimeError::out_of_range;
}

DateTimeError parse_time(std::string_view text, DateTime& out) {
  out = {};
  Cursor in(text);
  skip_spaces(in);
  if (!parse_time_part(in, out) || !parse_zone(in, out)) return DateTimeError::malformed;
  skip_spaces(in);
  if (!in.done()) return DateTimeError::malformed;
  if (!in_range(out)) return DateTimeError::out_of_range;
  if (out.hour == 24) return DateTimeError::none;  // PostgreSQL keeps 24:00:00 as a time of day
  const bool ok = carry(out);
  out.year = out.month = out.day = 1;
  return ok ? DateTimeError::none : DateTimeError::out_of_range;
}

bool to_utc(DateTime& value) {
  const int offset = value.offset_seconds.value_or(0);
  value.offset_seconds = 0;
  if (offset == 0) return true;
  const std::int64_t seconds = days_from_civil(value.year, value.month, value.day) * seconds_per_day +
                               value.hour * 3600 + value.minute * 60 + value.second - offset;
  const bool ok = from_epoch(seconds, value.microsecond, value);
  value.offset_seconds = 0;
  return ok;
}

bool from_epoch(std::int64_t seconds, int microsecond, DateTime& out) {
  constexpr std::int64_t least = -62'135'596'800;  // 0001-01-01T00:00:00Z
  constexpr std::int64_t most = 253'402'300'799;   // 9999-12-31T23:59:59Z
  if (seconds < least || seconds > most) return false;
  out = {};
  std::int64_t days = seconds / seconds_per_day;
  std::int64_t rest = seconds % seconds_per_day;
  if (rest < 0) {
    rest += seconds_per_day;
    --days;
  }
  civil_from_days(days, out);
  out.hour = static_cast<int>(rest / 3600);
  out.minute = static_cast<int>(rest / 60 % 60);
  out.second = static_cast<int>(rest % 60);
  out.microsecond = microsecond;
  out.has_time = true;
  return true;
}

void append_date(std::string& out, const DateTime& value) {
  append_padded(out, value.year, 4);
  out += '-';
  append_padded(out, value.month, 2);
  out += '-';
  append_padded(out, value.day, 2);
}

void append_time(std::string& out, const DateTime& value) {
  append_padded(out, value.hour, 2);
  out += ':';
  append_padded(out, value.minute, 2);
  out += ':';
  append_padded(out, value.second, 2);
  if (value.microsecond == 0) return;
  out += '.';
  append_padded(out, value.microsecond, 6);
  while (out.back() == '0') out.pop_back();
}

void append_datetime(std::string& out, const DateTime& value, char separator) {
  append_date(out, value);
  out += separator;
  append_time(out, value);
}

}  // namespace ballast::text
