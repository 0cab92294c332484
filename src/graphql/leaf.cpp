#include "graphql/leaf.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

#include "graphql/leniency.hpp"
#include "graphql/shown.hpp"

namespace ballast::graphql {
namespace {

using Refusal = std::optional<std::string>;

enum class Scalar : std::uint8_t { integer, floating, string, boolean, id, big_integer, big_float, text, json, any };

/// Scalars that are not listed take any scalar, as Opaque does.
Scalar scalar_of(std::string_view name) noexcept {
  constexpr std::array<std::pair<std::string_view, Scalar>, 13> scalars = {{
      {"Int", Scalar::integer},
      {"Float", Scalar::floating},
      {"String", Scalar::string},
      {"Boolean", Scalar::boolean},
      {"ID", Scalar::id},
      {"BigInt", Scalar::big_integer},
      {"BigFloat", Scalar::big_float},
      {"Date", Scalar::text},
      {"Time", Scalar::text},
      {"Datetime", Scalar::text},
      {"UUID", Scalar::text},
      {"Cursor", Scalar::text},
      {"JSON", Scalar::json},
  }};
  const auto* found = std::ranges::find(scalars, name, &std::pair<std::string_view, Scalar>::first);
  return found == scalars.end() ? Scalar::any : found->second;
}

bool spells_integer(std::string_view text) noexcept {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Nothing when no double is near it.
std::optional<double> as_double(std::string_view text) noexcept {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    // Too small is zero; only what is too big has no double. GCC 12 does not say which of both it was.
    const std::size_t exponent = text.find_first_of("eE");
    if (exponent != std::string_view::npos && text.substr(exponent + 1).starts_with('-')) return 0;
    return std::nullopt;
  }
  return value;
}

bool fits_int(std::string_view digits) noexcept {
  std::int32_t value = 0;
  return std::from_chars(digits.data(), digits.data() + digits.size(), value).ec == std::errc();
}

/// `1.0` and `1e3` of a variable are integers, since JSON has one kind of number.
void write_as_integer(Input::Number& number) {
  const std::optional<double> value = as_double(number.text);
  if (!value || *value != std::trunc(*value) || std::abs(*value) > 1e15) return;
  number.text = std::to_string(static_cast<std::int64_t>(*value));
  number.integer = true;
}

Refusal coerce_int(Input& value, Source source, const std::function<std::string()>& print) {
  auto* number = std::get_if<Input::Number>(&value.value);
  if (number != nullptr && !number->integer && source == Source::variable) write_as_integer(*number);
  if (number == nullptr || !number->integer) return "Int cannot represent non-integer value: " + print();
  if (!fits_int(number->text)) return "Int cannot represent non 32-bit signed integer value: " + print();
  return std::nullopt;
}

Refusal coerce_id(Input& value, Source source, const std::function<std::string()>& print) {
  if (std::holds_alternative<std::string>(value.value)) return std::nullopt;
  auto* number = std::get_if<Input::Number>(&value.value);
  if (number == nullptr || !number->integer) {
    constexpr std::string_view literal = "ID cannot represent a non-string and non-integer value: ";
    constexpr std::string_view variable = "ID cannot represent value: ";
    return std::string(source == Source::literal ? literal : variable) + print();
  }
  value.value = std::string(std::move(number->text));
  return std::nullopt;
}

Refusal coerce_big_integer(const Input& value, const std::function<std::string()>& print) {
  const auto* number = std::get_if<Input::Number>(&value.value);
  const auto* text = std::get_if<std::string>(&value.value);
  if ((number != nullptr && number->integer) || (text != nullptr && spells_integer(*text))) return std::nullopt;
  return "BigInt cannot represent non-integer value: " + print();
}

Refusal coerce_scalar(const TypeDefinition& type, Input& value, Source source,
                      const std::function<std::string()>& print) {
  const bool is_string = std::holds_alternative<std::string>(value.value);
  const bool is_number = std::holds_alternative<Input::Number>(value.value);
  const bool is_boolean = std::holds_alternative<bool>(value.value);
  const auto cannot = [&](std::string_view what) -> Refusal {
    return type.name + " cannot represent " + std::string(what) + ": " + print();
  };
  switch (scalar_of(type.name)) {
    case Scalar::integer:
      return coerce_int(value, source, print);
    case Scalar::floating:
      if (is_number && as_double(std::get<Input::Number>(value.value).text)) return std::nullopt;
      return cannot("non numeric value");
    case Scalar::string:
    case Scalar::text:
      return is_string ? std::nullopt : cannot("a non string value");
    case Scalar::boolean:
      return is_boolean ? std::nullopt : cannot("a non boolean value");
    case Scalar::id:
      return coerce_id(value, source, print);
    case Scalar::big_integer:
      return coerce_big_integer(value, print);
    case Scalar::big_float:
      return is_string || (is_number && leniency::big_floats_as_numbers) ? std::nullopt : cannot("non numeric value");
    case Scalar::json:
      if (is_string) return std::nullopt;
      if (leniency::json_as_values && !std::holds_alternative<Input::Enum>(value.value)) return std::nullopt;
      return cannot("value");
    case Scalar::any:
      return is_string || is_number || is_boolean ? std::nullopt : cannot("value");
  }
  return cannot("value");
}

Refusal coerce_enum(const TypeDefinition& type, Input& value, Source source, const std::function<std::string()>& print,
                    Suggestions& suggestions) {
  const auto* written = std::get_if<Input::Enum>(&value.value);
  auto* text = std::get_if<std::string>(&value.value);
  if (written == nullptr && (text == nullptr || (source == Source::literal && !leniency::enum_literals_in_quotes))) {
    return "Enum " + quoted(type.name) + " cannot represent non-" + (source == Source::literal ? "enum" : "string") +
           " value: " + print() + ".";
  }
  const std::string& name = written != nullptr ? written->name : *text;
  if (type.member(name) == nullptr) {
    return "Value " + quoted(name) + " does not exist in " + quoted(type.name) + " enum." +
           suggestions.did_you_mean(name, type.members, "the enum value ");
  }
  if (text != nullptr) value.value = Input::Enum{std::string(std::move(*text))};
  return std::nullopt;
}

}  // namespace

bool takes_any_value(const TypeDefinition& type) noexcept {
  return leniency::json_as_values && type.kind == TypeKind::scalar && scalar_of(type.name) == Scalar::json;
}

Refusal coerce_leaf(const TypeDefinition& type, Input& value, Source source, const std::function<std::string()>& print,
                    Suggestions& suggestions) {
  if (type.kind == TypeKind::enumeration) return coerce_enum(type, value, source, print, suggestions);
  return coerce_scalar(type, value, source, print);
}

}  // namespace ballast::graphql
