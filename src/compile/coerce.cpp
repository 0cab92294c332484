#include "compile/coerce.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "compile/decimal.hpp"
#include "json/reader.hpp"
#include "json/scanner.hpp"
#include "text/cursor.hpp"
#include "text/datetime.hpp"
#include "text/trim.hpp"
#include "text/utf8.hpp"

namespace ballast::compile {
namespace {

using catalog::Kind;
using catalog::Type;

Error invalid(std::string_view text, std::string_view type) {
  std::string message = "invalid input syntax for type ";
  message += type;
  message += ": \"";
  message += text;
  message += '"';
  return make_error(400, "22P02", std::move(message));
}

Error out_of_range(std::string_view text, std::string_view type) {
  std::string message = "value \"";
  message += text;
  message += "\" is out of range for type ";
  message += type;
  return make_error(400, "22003", std::move(message));
}

bool equal_folded(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text::lower(text[i]) != lower[i]) return false;
  }
  return true;
}

bool prefix_folded(std::string_view text, std::string_view word, std::size_t least) {
  return text.size() >= least && text.size() <= word.size() && equal_folded(text, word.substr(0, text.size()));
}

// PostgreSQL manual, section 8.6: unique prefixes of true, yes, on, 1 and of false, no, off, 0.
Result<sql::Param> boolean(std::string_view text) {
  const std::string_view word = text::trimmed(text);
  if (prefix_folded(word, "true", 1) || prefix_folded(word, "yes", 1) || equal_folded(word, "on") || word == "1") {
    return sql::Param(true);
  }
  if (prefix_folded(word, "false", 1) || prefix_folded(word, "no", 1) || prefix_folded(word, "off", 2) || word == "0") {
    return sql::Param(false);
  }
  return invalid(text, "boolean");
}

Result<sql::Param> integer(std::string_view text, const Type& type) {
  std::string_view digits = text::trimmed(text);
  if (digits.starts_with('+') && digits.size() > 1 && text::is(digits[1], text::digit)) digits.remove_prefix(1);
  std::int64_t value = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (result.ec == std::errc::invalid_argument || result.ptr != digits.data() + digits.size()) {
    return invalid(text, type.name);
  }
  if (result.ec == std::errc::result_out_of_range) return out_of_range(text, type.name);
  return sql::Param(value);
}

Result<sql::Param> floating(std::string_view text, const Type& type) {
  std::string_view number = text::trimmed(text);
  std::string_view magnitude = number;
  const bool negative = magnitude.starts_with('-');
  if (negative || magnitude.starts_with('+')) magnitude.remove_prefix(1);
  if (equal_folded(magnitude, "infinity") || equal_folded(magnitude, "inf")) {
    return sql::Param(negative ? -HUGE_VAL : HUGE_VAL);
  }
  // SQLite stores NaN as NULL, so it stays a text there.
  if (equal_folded(number, "nan")) return sql::Param(std::string("NaN"));
  if (magnitude.empty() || (!text::is(magnitude.front(), text::digit) && magnitude.front() != '.')) {
    return invalid(text, type.name);
  }
  double value = 0;
  const auto result = std::from_chars(magnitude.data(), magnitude.data() + magnitude.size(), value);
  if (result.ec == std::errc::invalid_argument || result.ptr != magnitude.data() + magnitude.size()) {
    return invalid(text, type.name);
  }
  if (result.ec == std::errc::result_out_of_range) {
    std::string message = "\"" + std::string(text) + "\" is out of range for type " + type.name;
    return make_error(400, "22003", std::move(message));
  }
  return sql::Param(negative ? -value : value);
}

Result<sql::Param> numeric(std::string_view text, const Type& type, Purpose purpose) {
  const std::string_view number = text::trimmed(text);
  std::string_view magnitude = number;
  if (magnitude.starts_with('-') || magnitude.starts_with('+')) magnitude.remove_prefix(1);
  if (equal_folded(number, "nan")) return sql::Param(std::string("NaN"));
  if (equal_folded(magnitude, "infinity") || equal_folded(magnitude, "inf")) {
    return sql::Param(std::string(number.front() == '-' ? "-Infinity" : "Infinity"));
  }
  auto decimal = parse_decimal(number);
  if (!decimal) return invalid(text, type.name);
  if (decimal->exponent_too_large) { return make_error(400, "22003", "value overflows numeric format"); }
  if (purpose == Purpose::store && type.scale >= 0) {
    decimal->round(type.scale);
    if (type.precision > 0 && decimal->integer_digits() > type.precision - type.scale) {
      return make_error(400, "22003", "numeric field overflow")
          .with_details("A field with precision " + std::to_string(type.precision) + ", scale " +
                        std::to_string(type.scale) + " must round to an absolute value less than " +
                        (type.precision > type.scale ? "10^" + std::to_string(type.precision - type.scale) : "1") +
                        ".");
    }
  }
  return decimal->to_param();
}

Error date_error(std::string_view text, const Type& type, text::DateTimeError error) {
  if (error == text::DateTimeError::out_of_range) {
    std::string message = "date/time field value out of range: \"";
    message += text;
    message += '"';
    return make_error(400, "22008", std::move(message));
  }
  Error wrong = invalid(text, type.name);
  wrong.code = "22007";
  return wrong;
}

Result<sql::Param> moment(std::string_view text, const Type& type) {
  const std::string_view word = text::trimmed(text);
  if (equal_folded(word, "infinity") || equal_folded(word, "-infinity")) {
    return sql::Param(std::string(word.front() == '-' ? "-infinity" : "infinity"));
  }
  text::DateTime value;
  auto error = text::parse_datetime(text, value);
  if (equal_folded(word, "epoch")) {
    error = text::DateTimeError::none;
    text::from_epoch(0, 0, value);
  }
  if (error == text::DateTimeError::none && type.kind == Kind::timestamptz && !text::to_utc(value)) {
    error = text::DateTimeError::out_of_range;
  }
  if (error != text::DateTimeError::none) return date_error(text, type, error);
  std::string out;
  if (type.kind == Kind::date) {
    text::append_date(out, value);
  } else {
    text::append_datetime(out, value, ' ');
  }
  return sql::Param(std::move(out));
}

Result<sql::Param> time_of_day(std::string_view text, const Type& type) {
  text::DateTime value;
  auto error = text::parse_time(text, value);
  if (error == text::DateTimeError::malformed) {
    // A whole timestamp gives its time of day.
    const auto whole = text::parse_datetime(text, value);
    if (whole == text::DateTimeError::none && value.has_time) error = whole;
  }
  if (error != text::DateTimeError::none) return date_error(text, type, error);
  std::string out;
  text::append_time(out, value);
  return sql::Param(std::move(out));
}

// PostgreSQL manual, section 8.12: groups of four digits may be separated by hyphens, braces may surround them.
Result<sql::Param> uuid(std::string_view text) {
  std::string_view digits = text;
  if (digits.size() > 2 && digits.front() == '{' && digits.back() == '}') {
    digits = digits.substr(1, digits.size() - 2);
  }
  std::string hex;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (digits[i] == '-' && !hex.empty() && hex.size() % 4 == 0 && digits[i - 1] != '-' && hex.size() < 32) continue;
    if (!text::is(digits[i], text::hex) || hex.size() == 32) return invalid(text, "uuid");
    hex += text::lower(digits[i]);
  }
  if (hex.size() != 32) return invalid(text, "uuid");
  for (const std::size_t at : {8, 13, 18, 23}) hex.insert(at, 1, '-');
  return sql::Param(std::move(hex));
}

// PostgreSQL manual, section 8.4: the hexadecimal form, or the escape form (\\, \ooo).
Result<sql::Param> bytea(std::string_view text) {
  sql::Blob blob;
  if (text.starts_with("\\x")) {
    int high = -1;
    for (const char& c : text.substr(2)) {
      if (high < 0 && text::is(c, text::space)) continue;
      if (!text::is(c, text::hex)) {
        std::size_t length = 0;
        text::decode_utf8(text.substr(static_cast<std::size_t>(&c - text.data())), length);
        return make_error(400, "22023",
                          "invalid hexadecimal digit: \"" + std::string(&c, std::max<std::size_t>(length, 1)) + "\"");
      }
      if (high < 0) {
        high = text::hex_value(c);
      } else {
        blob.bytes += static_cast<char>(static_cast<unsigned char>(high << 4 | text::hex_value(c)));
        high = -1;
      }
    }
    if (high >= 0) return make_error(400, "22023", "invalid hexadecimal data: odd number of digits");
    return sql::Param(std::move(blob));
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      blob.bytes += text[i];
      continue;
    }
    if (i + 1 < text.size() && text[i + 1] == '\\') {
      blob.bytes += '\\';
      ++i;
      continue;
    }
    int value = 0;
    bool octal = i + 3 < text.size() && text[i + 1] <= '3';
    for (std::size_t k = 1; octal && k <= 3; ++k) {
      octal = text[i + k] >= '0' && text[i + k] <= '7';
      value = value * 8 + (text[i + k] - '0');
    }
    if (!octal) return make_error(400, "22P02", "invalid input syntax for type bytea");
    blob.bytes += static_cast<char>(static_cast<unsigned char>(value));
    i += 3;
  }
  return sql::Param(std::move(blob));
}

Result<sql::Param> json_text(std::string_view text, const Type& type) {
  const auto document = json::parse(text);
  if (document) return sql::Param(std::string(text));
  return make_error(400, "22P02", "invalid input syntax for type " + type.name).with_details(document.error().details);
}

Result<sql::Param> plain_text(std::string text, const Type& type, Purpose purpose) {
  if (purpose == Purpose::store && type.kind == Kind::text && type.precision > 0) {
    std::size_t characters = 0;
    for (const char c : text) characters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    if (characters > static_cast<std::size_t>(type.precision)) {
      return make_error(400, "22001",
                        "value too long for type " + type.name + "(" + std::to_string(type.precision) + ")");
    }
  }
  return sql::Param(std::move(text));
}

}  // namespace

Result<sql::Param> coerce(std::string text, const Type& type, sql::Engine engine, Purpose purpose) {
  if (text.find('\0') != std::string_view::npos) {
    return make_error(400, "22021", "invalid byte sequence for encoding \"UTF8\": 0x00")
        .with_hint("text in the database cannot hold NUL characters");
  }
  if (engine == sql::Engine::postgres) return sql::Param(std::move(text));
  switch (type.kind) {
    case Kind::boolean:
      return boolean(text);
    case Kind::integer:
      return integer(text, type);
    case Kind::floating:
      return floating(text, type);
    case Kind::numeric:
      return numeric(text, type, purpose);
    case Kind::bytea:
      return bytea(text);
    case Kind::date:
    case Kind::timestamp:
    case Kind::timestamptz:
      return moment(text, type);
    case Kind::time:
      return time_of_day(text, type);
    case Kind::uuid:
      return uuid(text);
    case Kind::json:
      return json_text(text, type);
    case Kind::text:
    case Kind::interval:
    case Kind::array:
    case Kind::composite:
    case Kind::range:
    case Kind::tsvector:
    case Kind::other:
      return plain_text(std::move(text), type, purpose);
  }
  return plain_text(std::move(text), type, purpose);
}

Result<sql::Param> coerce_json(std::string_view raw, const Type& type, sql::Engine engine) {
  const auto kind = json::kind_of(raw);
  if (kind == json::ValueKind::null) return sql::Param(sql::Null{});
  if (type.kind == Kind::json) return sql::Param(std::string(raw));
  if (kind != json::ValueKind::string) return coerce(std::string(raw), type, engine, Purpose::store);
  return coerce(json::string_value(raw), type, engine, Purpose::store);
}

}  // namespace ballast::compile
