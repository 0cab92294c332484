#include "rest/request_headers.hpp"

#include "http/iequals.hpp"

namespace ballast::rest {

RequestHeaders::RequestHeaders(const http::Request& request) {
  const bool reads = request.method == http::Method::get || request.method == http::Method::head;
  int accepts = 0;
  int preferences = 0;
  int matches = 0;
  int others = 0;
  for (const auto& [name, value] : request.headers.fields()) {
    switch (name.size()) {
      case 5:
        if (http::iequals(name, "Range")) range_ = value;
        break;
      case 6:
        if (http::iequals(name, "Accept") && accepts++ == 0)
          accept_ = value;
        else if (http::iequals(name, "Prefer") && preferences++ == 0)
          prefer_ = value;
        break;
      case 8:
        if (http::iequals(name, "If-Match") && matches++ == 0) if_match_ = value;
        break;
      case 13:
        if (http::iequals(name, "If-None-Match") && others++ == 0) if_none_match_ = value;
        break;
      case 12:
        if (http::iequals(name, "Content-Type")) content_type_ = value;
        break;
      case 14:
        if (reads && http::iequals(name, "Accept-Profile")) profile_ = value;
        break;
      case 15:
        if (!reads && http::iequals(name, "Content-Profile")) profile_ = value;
        break;
      default:
        break;
    }
  }
  if (accepts > 1) accept_ = joined_accept_ = request.headers.joined("Accept");
  if (matches > 1) if_match_ = joined_if_match_ = request.headers.joined("If-Match");
  if (others > 1) if_none_match_ = joined_if_none_match_ = request.headers.joined("If-None-Match");
  if (preferences > 1) prefer_ = joined_prefer_ = request.headers.joined("Prefer");
}

}  // namespace ballast::rest
