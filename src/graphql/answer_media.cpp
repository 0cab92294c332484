#include "graphql/answer_media.hpp"

#include <cstddef>
#include <vector>

#include "http/iequals.hpp"
#include "rest/accept.hpp"

namespace ballast::graphql {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view response_type = "application/graphql-response+json";

/// How welcome a media type is: by the most specific range that it lies in (RFC 9110 section 12.5.1).
struct Welcome {
  int quality = 0;
  int specificity = 0;
  std::size_t place = 0;  ///< of that range in the field
};

Welcome welcome(const std::vector<rest::AcceptRange>& ranges, std::string_view type) {
  Welcome best;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const auto& range = ranges[i];
    const auto slash = type.find('/');
    const int specificity = range.is(type)                                                                      ? 3
                            : range.type.ends_with("/*") && range.is(std::string(type.substr(0, slash)) + "/*") ? 2
                            : range.is("*/*")                                                                   ? 1
                                                                                                                : 0;
    if (specificity <= best.specificity) continue;
    const std::string_view charset = range.parameter("charset");
    if (!charset.empty() && !http::iequals(charset, "utf-8") && !http::iequals(charset, "utf8")) continue;
    best = {range.quality, specificity, i};
  }
  return best;
}

}  // namespace

std::string_view to_string(AnswerMedia media) noexcept {
  return media == AnswerMedia::json ? "application/json; charset=utf-8"
                                    : "application/graphql-response+json; charset=utf-8";
}

std::optional<AnswerMedia> answer_media(std::string_view accept) {
  const auto ranges = rest::accept_ranges(accept);
  const Welcome json = welcome(ranges, json_type);
  const Welcome response = welcome(ranges, response_type);
  if (json.quality == 0 && response.quality == 0) return std::nullopt;
  if (json.quality != response.quality) {
    return json.quality > response.quality ? AnswerMedia::json : AnswerMedia::response;
  }
  return response.place < json.place ? AnswerMedia::response : AnswerMedia::json;
}

bool prefers_page(std::string_view accept) {
  const auto ranges = rest::accept_ranges(accept);
  const Welcome page = welcome(ranges, "text/html");
  return page.specificity == 3 && page.quality > welcome(ranges, json_type).quality &&
         page.quality > welcome(ranges, response_type).quality;
}

}  // namespace ballast::graphql
