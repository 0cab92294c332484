#include "compile/decimal.hpp"

#include <charconv>

#include "text/cursor.hpp"

namespace ballast::compile {
namespace {

/// PostgreSQL's numeric ends at 131,072 digits before the point; far less than that is already an attack.
constexpr int exponent_limit = 5'000;

}  // namespace

void Decimal::round(int places) {
  const int keep = point + places;
  if (keep >= static_cast<int>(digits.size())) return;
  if (keep < 0) {
    digits.clear();
    point = 0;
    negative = false;
    return;
  }
  const auto kept = static_cast<std::size_t>(keep);
  const bool up = digits[kept] >= '5';
  digits.resize(kept);
  if (up) {
    std::size_t at = digits.size();
    while (at > 0 && digits[at - 1] == '9') digits[--at] = '0';
    if (at > 0) {
      ++digits[at - 1];
    } else {
      digits.insert(0, 1, '1');
      ++point;
    }
  }
  while (!digits.empty() && digits.back() == '0') digits.pop_back();
  if (digits.empty()) {
    point = 0;
    negative = false;
  }
}

std::string Decimal::to_text() const {
  if (digits.empty()) return "0";
  std::string out = negative ? "-" : "";
  if (point <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-point), '0');
    return out + digits;
  }
  const auto before = static_cast<std::size_t>(point);
  if (digits.size() <= before) {
    out += digits;
    out.append(before - digits.size(), '0');
    return out;
  }
  out.append(digits, 0, before);
  out += '.';
  return out.append(digits, before);
}

sql::Param Decimal::to_param() const {
  std::string text = to_text();
  const char* const end = text.data() + text.size();
  std::int64_t integer = 0;
  const auto whole = std::from_chars(text.data(), end, integer);
  if (whole.ec == std::errc() && whole.ptr == end) return integer;
  if (digits.size() <= 15 && point > -300 && point < 300) {
    double value = 0;
    std::from_chars(text.data(), end, value);
    return value;
  }
  return text;
}

std::optional<Decimal> parse_decimal(std::string_view input) {
  text::Cursor in(input);
  Decimal out;
  out.negative = in.peek() == '-';
  if (out.negative || in.peek() == '+') in.skip();
  const std::string_view whole = in.run(text::digit);
  const std::string_view fraction = in.eat('.') ? in.run(text::digit) : std::string_view{};
  if (whole.empty() && fraction.empty()) return std::nullopt;
  int exponent = 0;
  if (in.eat('e') || in.eat('E')) {
    in.eat('+');
    const std::string_view rest = in.rest();
    const auto result = std::from_chars(rest.data(), rest.data() + rest.size(), exponent);
    if (result.ec == std::errc::invalid_argument) return std::nullopt;
    if (result.ec == std::errc::result_out_of_range) exponent = exponent_limit + 1;
    in.skip(static_cast<std::size_t>(result.ptr - rest.data()));
  }
  if (!in.done()) return std::nullopt;
  if (exponent > exponent_limit || exponent < -exponent_limit) {
    out.exponent_too_large = true;
    return out;
  }
  out.digits.reserve(whole.size() + fraction.size());
  out.digits += whole;
  out.digits += fraction;
  const std::size_t leading = out.digits.find_first_not_of('0');
  if (leading == std::string::npos) {
    out = {};
    return out;
  }
  out.point = static_cast<int>(whole.size()) + exponent - static_cast<int>(leading);
  out.digits.erase(0, leading);
  while (out.digits.back() == '0') out.digits.pop_back();
  return out;
}

}  // namespace ballast::compile
