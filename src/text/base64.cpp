#include "text/base64.hpp"

#include <array>
#include <cstdint>

namespace ballast::text {
namespace {

constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t none = 0xff;

constexpr std::array<std::uint8_t, 256> make_values(bool both_alphabets) {
  std::array<std::uint8_t, 256> values{};
  values.fill(none);
  for (std::size_t i = 0; i < url_alphabet.size(); ++i) {
    values[static_cast<unsigned char>(url_alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  if (both_alphabets) {
    values['+'] = 62;
    values['/'] = 63;
  }
  return values;
}

constexpr auto url_values = make_values(false);
constexpr auto lenient_values = make_values(true);

std::optional<std::string> decode(std::string_view text, const std::array<std::uint8_t, 256>& values) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  int have = 0;
  for (const char c : text) {
    const std::uint8_t value = values[static_cast<unsigned char>(c)];
    if (value == none) return std::nullopt;
    bits = bits << 6U | value;
    have += 6;
    if (have >= 8) {
      have -= 8;
      bytes += static_cast<char>(bits >> static_cast<unsigned>(have) & 0xffU);
    }
  }
  if ((bits & ((1U << static_cast<unsigned>(have)) - 1U)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace

std::optional<std::string> base64url_decode(std::string_view text) { return decode(text, url_values); }

std::optional<std::string> base64_decode_lenient(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r') || text.ends_with(' ')) text.remove_suffix(1);
  while (text.ends_with('=')) text.remove_suffix(1);
  return decode(text, lenient_values);
}

namespace {

void append(std::string& out, std::string_view bytes, std::string_view alphabet) {
  out.reserve(out.size() + (bytes.size() + 2) / 3 * 4);
  std::uint32_t bits = 0;
  unsigned have = 0;
  for (const char c : bytes) {
    bits = bits << 8U | static_cast<unsigned char>(c);
    for (have += 8; have >= 6;) {
      have -= 6;
      out += alphabet[bits >> have & 63U];
    }
  }
  if (have > 0) out += alphabet[bits << (6U - have) & 63U];
}

}  // namespace

std::string base64url_encode(std::string_view bytes) {
  std::string text;
  append(text, bytes, url_alphabet);
  return text;
}

void append_base64(std::string& out, std::string_view bytes) {
  append(out, bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  for (std::size_t i = bytes.size(); i % 3 != 0; ++i) out += '=';
}

}  // namespace ballast::text
