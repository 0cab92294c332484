#include "rest/accept.hpp"

#include <algorithm>
#include <charconv>

#include "text/chars.hpp"

namespace ballast::rest {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text::is(text.front(), text::space)) text.remove_prefix(1);
  while (!text.empty() && text::is(text.back(), text::space)) text.remove_suffix(1);
  return text;
}

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return text::lower(x) == text::lower(y); });
}

/// Cuts the part before the next separator outside of quotes off `rest`.
std::string_view cut(std::string_view& rest, char separator) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < rest.size(); ++end) {
    if (rest[end] == '"') quoted = !quoted;
    if (rest[end] == separator && !quoted) break;
  }
  const std::string_view part = trimmed(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

int quality_of(std::string_view value) {
  // qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
  double quality = 1;
  const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), quality);
  if (failed != std::errc() || !(quality >= 0) || quality > 1) return 1000;
  return static_cast<int>(quality * 1000);
}

AcceptRange range_of(std::string_view text) {
  AcceptRange range;
  std::string_view rest = text;
  range.written = text;
  range.type = cut(rest, ';');
  while (!rest.empty()) {
    const auto start = static_cast<std::size_t>(rest.data() - text.data());
    const std::string_view parameter = cut(rest, ';');
    if (parameter.size() > 2 && text::lower(parameter[0]) == 'q' && parameter[1] == '=') {
      range.quality = quality_of(parameter.substr(2));
      range.written = trimmed(text.substr(0, start - 1));
    }
  }
  return range;
}

}  // namespace

bool AcceptRange::is(std::string_view media_type) const noexcept { return same(type, media_type); }

std::string_view AcceptRange::parameter(std::string_view name) const noexcept {
  std::string_view rest = written;
  cut(rest, ';');
  while (!rest.empty()) {
    const std::string_view parameter = cut(rest, ';');
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos || !same(trimmed(parameter.substr(0, equals)), name)) continue;
    std::string_view value = trimmed(parameter.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    return value;
  }
  return {};
}

std::vector<AcceptRange> parse_accept(std::string_view header) {
  std::vector<AcceptRange> ranges;
  for (std::string_view rest = header; !rest.empty();) {
    const std::string_view part = cut(rest, ',');
    if (part.empty()) continue;
    AcceptRange range = range_of(part);
    if (range.quality > 0) ranges.push_back(range);
  }
  if (trimmed(header).empty()) ranges.push_back(range_of("*/*"));
  std::stable_sort(ranges.begin(), ranges.end(),
                   [](const AcceptRange& a, const AcceptRange& b) { return a.quality > b.quality; });
  return ranges;
}

}  // namespace ballast::rest
