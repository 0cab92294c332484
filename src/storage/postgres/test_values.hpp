#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

/// Random values of PostgreSQL's types, as SQL expressions.
namespace ballast::storage::postgres::testing {

inline std::string quoted(const std::string& text) {
  std::string out = "E'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

class RandomValues {
 public:
  explicit RandomValues(std::uint64_t seed) : random_(seed) {}

  std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
  }
  bool one_in(std::int64_t n) { return below(n) == 0; }
  const std::string& any(const std::vector<std::string>& all) {
    return all[static_cast<std::size_t>(below(static_cast<std::int64_t>(all.size())))];
  }

  std::string integer(int bits) {
    if (one_in(8)) {
      const std::string smallest = "(-" + std::to_string(std::uint64_t{1} << (bits - 1)) + ")";
      return any({"0", "-1", std::to_string((std::uint64_t{1} << (bits - 1)) - 1), smallest});
    }
    const auto shift = below(bits) + (64 - bits);
    return "(" + std::to_string(static_cast<std::int64_t>(random_()) >> shift) + ")";
  }
  std::string small() { return std::to_string(below(2000) - 1000); }

  std::string floating(bool wide) {
    if (one_in(6)) return any({"'NaN'", "'Infinity'", "'-Infinity'", "'-0'", "'0'", "'1e-40'", "'123456789012345'"});
    if (wide && one_in(6)) return any({"'4.9e-324'", "'2.2250738585072014e-308'", "'1.7976931348623157e308'"});
    if (one_in(2)) return "'" + small() + "." + std::to_string(below(1000)) + "'";
    return "'" + small() + "." + std::to_string(below(1'000'000'000)) + "e" +
           std::to_string(wide ? below(600) - 300 : below(60) - 30) + "'";
  }

  std::string digits(std::int64_t most) {
    std::string out;
    for (auto left = 1 + below(most); left > 0; --left) out += static_cast<char>('0' + below(10));
    return out;
  }
  std::string numeric() {
    if (one_in(10))
      return any({"'NaN'", "'Infinity'", "'-Infinity'", "'0'", "'0.000'", "'-0.0'", "'1e300'", "'1e-300'"});
    return "'" + std::string(one_in(2) ? "-" : "") + digits(40) + (one_in(3) ? "" : "." + digits(30)) + "'";
  }

  /// Any characters but NUL: control characters, what JSON and SQL treat as special, all planes.
  std::string characters(std::int64_t most) {
    static const std::vector<std::string> special = {
        "\"", "\\", "'", "/", "\x01", "\x1f", "\x7f", "\n", "\r",     "\t",         "\b",   "\f", ",",
        "{",  "}",  "(", ")", " ",    "é",    "€",    "😀",  "\u2028", "\U0010ffff", "NULL", "&",  "<"};
    std::string out;
    for (auto left = below(most + 1); left > 0; --left) {
      out += one_in(2) ? any(special) : std::string(1, static_cast<char>('a' + below(26)));
    }
    return out;
  }
  std::string text(std::int64_t most = 40) { return quoted(characters(most)); }
  std::string word() {
    std::string out;
    for (auto left = 1 + below(6); left > 0; --left) out += static_cast<char>('a' + below(26));
    return out;
  }

  std::string hex(std::int64_t bytes) {
    static constexpr char hex_digits[] = "0123456789abcdef";
    std::string out;
    for (auto left = bytes * 2; left > 0; --left) out += hex_digits[below(16)];
    return out;
  }
  std::string bytea() { return "'\\x" + hex(below(20)) + "'::bytea"; }

  std::string date() {
    if (one_in(8))
      return any(
          {"'infinity'", "'-infinity'", "'0044-03-15 BC'", "'4713-01-01 BC'", "'5874897-12-30'", "'12345-06-07'"});
    return "(date '1970-01-01' + " + integer(16) + ")";
  }
  std::string time() {
    if (one_in(8)) return any({"'00:00'", "'24:00'", "'23:59:59.999999'"});
    return "(time '00:00' + interval '" + std::to_string(below(86'400'000'000)) + " us')";
  }
  std::string timetz() {
    return "((time '00:00' + interval '" + std::to_string(below(86'400'000'000)) + " us')::text || " +
           any({"'+00'", "'+02'", "'-11'", "'+05:30'", "'-00:19:32'"}) + ")";
  }
  std::string moment() {
    if (one_in(8)) {
      return any({"'infinity'", "'-infinity'", "'0044-03-15 12:00:00 BC'", "'4713-01-03 00:00:00 BC'",
                  "'294276-12-30 23:59:59.999999'", "'12345-06-07 08:09:10.5'", "'epoch'", "'1880-01-01 12:00:00'"});
    }
    return "(timestamp '1970-01-01' + interval '" + std::to_string(below(8'000'000'000) - 4'000'000'000) + " s " +
           (one_in(2) ? "0" : std::to_string(below(1'000'000))) + " us')";
  }
  std::string interval() {
    return "make_interval(" + small() + ", " + small() + ", 0, " + small() + ", " + small() + ", " + small() + ", " +
           small() + "." + digits(6) + ")";
  }

  std::string json() {
    const std::function<std::string(int)> value = [&](int depth) -> std::string {
      switch (below(depth > 0 ? 8 : 5)) {
        case 0:
          return "null";
        case 1:
          return any({"true", "false"});
        case 2:
          return any({"0", "-1.50", "1e5", "123456789012345678901234567890"});
        case 3:
          return "\"" + any({"", "a", "\\\"", "\\\\", "\\u00e9", "é", "\\n", "😀"}) + "\"";
        case 4:
          return any({"[ ]", "{ }", "\"x\""});
        case 5:
        case 6:
          return "[" + value(depth - 1) + " , " + value(depth - 1) + "]";
        default:
          return "{\"" + word() + "\" : " + value(depth - 1) + ",\n\"a\": " + value(depth - 1) + "}";
      }
    };
    return quoted(value(3));
  }

  /// `least(…)` to `greatest(…)` of two values of the element's type.
  std::string range(const std::string& type, const std::string& element, const std::string& one,
                    const std::string& two) {
    if (one_in(8)) return "'empty'::" + type;
    const std::string low = one_in(6) ? "NULL" : "least(" + one + "::" + element + ", " + two + "::" + element + ")";
    const std::string high =
        one_in(6) ? "NULL" : "greatest(" + one + "::" + element + ", " + two + "::" + element + ")";
    return type + "(" + low + ", " + high + ", " + any({"'[]'", "'[)'", "'(]'", "'()'"}) + ")";
  }

  /// An array of up to three dimensions with NULLs and, now and then, bounds of its own.
  std::string array(const std::string& type, const std::function<std::string()>& element) {
    if (one_in(8)) return "'{}'::" + type + "[]";
    const auto one = [&] { return one_in(5) ? std::string("NULL") : "(" + element() + ")::" + type; };
    const auto list = [&](auto count, const std::function<std::string()>& item) {
      std::string out = "ARRAY[";
      for (std::int64_t i = 0; i < count; ++i) out += (i > 0 ? ", " : "") + item();
      return out + "]";
    };
    const auto width = 1 + below(4);
    const auto row = [&] { return list(width, one); };
    const auto height = 1 + below(3);
    switch (below(4)) {
      case 0:
        return list(height, row) + "::" + type + "[]";
      case 1:
        return list(2, [&] { return list(height, row); }) + "::" + type + "[]";
      default:
        return row() + "::" + type + "[]";
    }
  }

  std::string bits(std::int64_t count) {
    std::string out = "B'";
    for (; count > 0; --count) out += static_cast<char>('0' + below(2));
    return out + "'";
  }
  std::string coordinate() { return small() + "." + std::to_string(below(100)); }
  std::string point() { return "(" + coordinate() + "," + coordinate() + ")"; }
  std::string points(std::int64_t count) {
    std::string out;
    for (std::int64_t i = 0; i < count; ++i) out += (i > 0 ? "," : "") + point();
    return out;
  }
  std::string address() {
    if (one_in(3)) return "2001:db8::" + hex(2) + (one_in(2) ? "/64" : "");
    return "10." + std::to_string(below(256)) + "." + std::to_string(below(256)) + ".1" + (one_in(2) ? "/24" : "");
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace ballast::storage::postgres::testing
