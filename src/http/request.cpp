#include "http/request.hpp"

#include "http/iequals.hpp"
#include "text/chars.hpp"

namespace ballast::http {

std::string_view to_string(Method method) noexcept {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::del:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      return "OTHER";
  }
  return "OTHER";
}

std::optional<std::string_view> Headers::find(std::string_view name) const noexcept {
  for (const Field& field : fields_) {
    if (iequals(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::string Headers::joined(std::string_view name) const {
  std::string all;
  bool first = true;
  for (const Field& field : fields_) {
    if (!iequals(field.name, name)) continue;
    if (!first) all += ", ";
    first = false;
    all += field.value;
  }
  return all;
}

std::size_t Headers::count(std::string_view name) const noexcept {
  std::size_t n = 0;
  for (const Field& field : fields_) n += iequals(field.name, name) ? 1U : 0U;
  return n;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (text.size() - i < 3 || !text::is(text[i + 1], text::hex) || !text::is(text[i + 2], text::hex)) return {};
      c = static_cast<char>(text::hex_value(text[i + 1]) * 16 + text::hex_value(text[i + 2]));
      i += 2;
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    if (c == '\0') return {};
    decoded += c;
  }
  return decoded;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (text::is(c, text::digit | text::alpha | text::underscore) || c == '-' || c == '.' || c == '~') {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(digits[byte >> 4]);
    out.push_back(digits[byte & 15]);
  }
  return out;
}

}  // namespace ballast::http
