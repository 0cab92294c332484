#include "rest/media_type.hpp"

#include <algorithm>

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
    case Media::raw:
      return {};
  }
  return {};
}

std::optional<Media> vendor_media(const AcceptRange& range) noexcept {
  const bool strips = range.parameter("nulls") == "stripped";
  if (range.is("application/vnd.pgrst.object+json") || range.is("application/vnd.pgrst.object")) {
    return strips ? Media::object_stripped : Media::object;
  }
  if (range.is("application/vnd.pgrst.array+json") || range.is("application/vnd.pgrst.array")) {
    return strips ? Media::json_stripped : Media::json;
  }
  return std::nullopt;
}

std::optional<Media> standard_media(const AcceptRange& range) noexcept {
  if (range.is("application/json") || range.is("*/*") || range.is("application/*")) return Media::json;
  if (range.is("text/csv") || range.is("text/*")) return Media::csv;
  return std::nullopt;
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
