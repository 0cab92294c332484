#include "rest/media_type.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

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

/// Cuts the part before the next separator off `rest`.
std::string_view cut(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = trimmed(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

struct Range {
  std::string_view type;     // without parameters
  std::string_view written;  // as sent, without its quality
  bool strip_nulls = false;
  int quality = 1000;  // in thousandths
};

int quality_of(std::string_view value) {
  // qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
  double quality = 1;
  const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), quality);
  if (failed != std::errc() || !(quality >= 0) || quality > 1) return 1000;
  return static_cast<int>(quality * 1000);
}

Range range_of(std::string_view text) {
  Range range;
  std::string_view rest = text;
  range.written = text;
  range.type = cut(rest, ';');
  while (!rest.empty()) {
    const std::size_t start = static_cast<std::size_t>(rest.data() - text.data());
    const std::string_view parameter = cut(rest, ';');
    if (same(parameter, "nulls=stripped")) range.strip_nulls = true;
    if (parameter.size() > 2 && text::lower(parameter[0]) == 'q' && parameter[1] == '=') {
      range.quality = quality_of(parameter.substr(2));
      range.written = trimmed(text.substr(0, start - 1));
    }
  }
  return range;
}

std::optional<Media> media_of(const Range& range) {
  const auto is = [&range](std::string_view type) { return same(range.type, type); };
  if (is("application/json") || is("*/*") || is("application/*")) return Media::json;
  if (is("application/vnd.pgrst.object+json") || is("application/vnd.pgrst.object")) {
    return range.strip_nulls ? Media::object_stripped : Media::object;
  }
  if (is("application/vnd.pgrst.array+json") || is("application/vnd.pgrst.array")) {
    return range.strip_nulls ? Media::json_stripped : Media::json;
  }
  if (is("text/csv") || is("text/*")) return Media::csv;
  return std::nullopt;
}

}  // namespace

bool is_single(Media media) noexcept { return media == Media::object || media == Media::object_stripped; }
bool strips_nulls(Media media) noexcept { return media == Media::json_stripped || media == Media::object_stripped; }

std::string_view content_type(Media media) noexcept {
  switch (media) {
    case Media::json:
      return "application/json; charset=utf-8";
    case Media::json_stripped:
      return "application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8";
    case Media::object:
      return "application/vnd.pgrst.object+json; charset=utf-8";
    case Media::object_stripped:
      return "application/vnd.pgrst.object+json;nulls=stripped; charset=utf-8";
    case Media::csv:
      return "text/csv; charset=utf-8";
  }
  return {};
}

Result<Media> negotiate(std::string_view accept) {
  if (trimmed(accept).empty() || accept == "*/*" || accept == "application/json") return Media::json;
  std::vector<Range> ranges;
  for (std::string_view rest = accept; !rest.empty();) {
    const std::string_view part = cut(rest, ',');
    if (!part.empty()) ranges.push_back(range_of(part));
  }
  std::stable_sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.quality > b.quality; });
  std::string written;
  for (const auto& range : ranges) {
    if (range.quality == 0) continue;
    if (const auto media = media_of(range)) return *media;
    if (!written.empty()) written.append(", ");
    written.append(range.written);
  }
  return make_error(406, "PGRST107", "None of these media types are available: " + written);
}

Result<BodyType> body_type(std::string_view content_type) {
  std::string_view rest = content_type;
  const std::string_view type = cut(rest, ';');
  if (type.empty() || same(type, "application/json") || same(type, "*/*") ||
      same(type, "application/vnd.pgrst.object+json") || same(type, "application/vnd.pgrst.array+json")) {
    return BodyType::json;
  }
  if (same(type, "text/csv")) return BodyType::csv;
  if (same(type, "application/x-www-form-urlencoded")) return BodyType::form;
  return make_error(415, "PGRST102", "Content-Type not acceptable: " + std::string(type))
      .with_hint("send application/json, text/csv or application/x-www-form-urlencoded");
}

}  // namespace ballast::rest
