#include "rest/accept.hpp"

#include <algorithm>
#include <charconv>

#include "http/iequals.hpp"
#include "rest/field_part.hpp"
#include "text/chars.hpp"
#include "text/trim.hpp"

namespace ballast::rest {
namespace {

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
  range.type = cut_field(rest, ';');
  while (!rest.empty()) {
    const auto start = static_cast<std::size_t>(rest.data() - text.data());
    const std::string_view parameter = cut_field(rest, ';');
    if (parameter.size() > 2 && text::lower(parameter[0]) == 'q' && parameter[1] == '=') {
      range.quality = quality_of(parameter.substr(2));
      range.written = text::trimmed(text.substr(0, start - 1));
    }
  }
  return range;
}

}  // namespace

bool AcceptRange::is(std::string_view media_type) const noexcept { return http::iequals(type, media_type); }

std::string_view AcceptRange::parameter(std::string_view name) const noexcept {
  std::string_view rest = written;
  cut_field(rest, ';');
  while (!rest.empty()) {
    const std::string_view parameter = cut_field(rest, ';');
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos || !http::iequals(text::trimmed(parameter.substr(0, equals)), name)) continue;
    std::string_view value = text::trimmed(parameter.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    return value;
  }
  return {};
}

std::vector<AcceptRange> accept_ranges(std::string_view header) {
  std::vector<AcceptRange> ranges;
  for (std::string_view rest = header; !rest.empty();) {
    const std::string_view part = cut_field(rest, ',');
    if (!part.empty()) ranges.push_back(range_of(part));
  }
  if (text::trimmed(header).empty()) ranges.push_back(range_of("*/*"));
  return ranges;
}

std::vector<AcceptRange> parse_accept(std::string_view header) {
  std::vector<AcceptRange> ranges = accept_ranges(header);
  std::erase_if(ranges, [](const AcceptRange& range) { return range.quality == 0; });
  std::stable_sort(ranges.begin(), ranges.end(),
                   [](const AcceptRange& a, const AcceptRange& b) { return a.quality > b.quality; });
  return ranges;
}

}  // namespace ballast::rest
