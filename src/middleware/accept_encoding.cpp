#include "middleware/accept_encoding.hpp"

#include "http/iequals.hpp"

namespace ballast::middleware {
namespace {

constexpr int absent = -1;

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3"0" ] ), in thousandths; negative when it is none.
int parse_qvalue(std::string_view text) noexcept {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return absent;
  int value = (text[0] - '0') * 1000;
  if (text.size() == 1) return value;
  if (text[1] != '.') return absent;
  int unit = 100;
  for (const char c : text.substr(2)) {
    if (c < '0' || c > '9') return absent;
    value += (c - '0') * unit;
    unit /= 10;
  }
  return value <= 1000 ? value : absent;
}

}  // namespace

std::string_view to_string(Coding coding) noexcept {
  switch (coding) {
    case Coding::identity:
      return "identity";
    case Coding::gzip:
      return "gzip";
    case Coding::zstd:
      return "zstd";
  }
  return "identity";
}

CodingChoice choose_coding(std::string_view list) noexcept {
  int identity = absent;
  int gzip = absent;
  int zstd = absent;
  int others = absent;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view element = trim(list.substr(0, comma));
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    int weight = 1000;
    if (const std::size_t semicolon = element.find(';'); semicolon != std::string_view::npos) {
      const std::string_view parameter = trim(element.substr(semicolon + 1));
      element = trim(element.substr(0, semicolon));
      if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) continue;
      weight = parse_qvalue(parameter.substr(2));
      if (weight == absent) continue;
    }
    if (http::iequals(element, "gzip") || http::iequals(element, "x-gzip")) gzip = weight;
    if (http::iequals(element, "zstd")) zstd = weight;
    if (http::iequals(element, "identity")) identity = weight;
    if (element == "*") others = weight;
  }
  if (others != absent) {
    if (gzip == absent) gzip = others;
    if (zstd == absent) zstd = others;
    if (identity == absent && others == 0) identity = 0;
  }
  CodingChoice choice;
  choice.identity_allowed = identity != 0;
  int best = identity > 0 ? identity : 0;
  if (gzip > 0 && gzip >= best) {
    choice.coding = Coding::gzip;
    best = gzip;
  }
  if (zstd > 0 && zstd >= best) choice.coding = Coding::zstd;
  return choice;
}

}  // namespace ballast::middleware
