#include "rest/media_type.hpp"

#include <algorithm>

#include "http/iequals.hpp"
#include "rest/field_part.hpp"
#include "text/trim.hpp"

namespace ballast::rest {

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
  const std::string_view type = cut_field(rest, ';');
  if (type.empty() || http::iequals(type, "application/json") || http::iequals(type, "*/*") ||
      http::iequals(type, "application/vnd.pgrst.object+json") ||
      http::iequals(type, "application/vnd.pgrst.array+json")) {
    return BodyType::json;
  }
  if (http::iequals(type, "text/csv")) return BodyType::csv;
  if (http::iequals(type, "application/x-www-form-urlencoded")) return BodyType::form;
  return make_error(415, "PGRST102", "Content-Type not acceptable: " + std::string(type))
      .with_hint("send application/json, text/csv or application/x-www-form-urlencoded");
}

}  // namespace ballast::rest
