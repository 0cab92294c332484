#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sql/statement.hpp"

namespace ballast::compile {

/// A decimal number, digit by digit: ± 0.d₁d₂d₃… × 10^point, without leading or trailing zeros.
struct Decimal {
  bool negative = false;
  std::string digits;  ///< empty: zero
  int point = 0;
  bool exponent_too_large = false;

  /// To `places` digits after the point, half away from zero.
  void round(int places);
  /// Digits before the point; 0 below one.
  int integer_digits() const noexcept { return digits.empty() || point < 0 ? 0 : point; }
  /// Plain digits, no exponent.
  std::string to_text() const;
  /// An integer or a double when that holds the number exactly (64 bits; 15 significant digits), else its text.
  sql::Param to_param() const;
};

/// `[ +- ] digit* [ '.' digit* ] [ [eE] [ +- ] digit+ ]` with at least one digit before the exponent.
std::optional<Decimal> parse_decimal(std::string_view text);

}  // namespace ballast::compile
