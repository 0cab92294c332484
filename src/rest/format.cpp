#include "rest/format.hpp"

#include <algorithm>

#include "rest/accept.hpp"
#include "text/chars.hpp"

namespace ballast::rest {
namespace {

using catalog::MediaHandler;

constexpr std::string_view any_type = "*/*";

/// A type that is JSON or text says its encoding; others are sent as they are named.
std::string with_charset(std::string_view media_type) {
  if (media_type == any_type) return "application/octet-stream";
  std::string type(media_type);
  for (const std::string_view text :
       {"application/json", "application/geo+json", "application/openapi+json", "text/csv", "text/plain", "text/xml"}) {
    if (media_type == text) type.append("; charset=utf-8");
  }
  return type;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = text::lower(c);
  return out;
}

Error not_available(const std::string& written) {
  return make_error(406, "PGRST107", "None of these media types are available: " + written);
}

Format raw(std::string_view media_type) {
  Format format;
  format.media = Media::raw;
  format.content_type = with_charset(media_type);
  return format;
}

class Chooser {
 public:
  explicit Chooser(const Offers& offers) : offers_(offers) {}

  std::optional<Format> choose(const AcceptRange& range, bool plans) const {
    if (const auto options = query_plan_options(range)) {
      return plans ? plan(*options, range.parameter("for")) : std::nullopt;
    }
    // PostgREST's own types cannot be overridden.
    if (const auto media = vendor_media(range)) return builtin(*media);
    const std::string type = lower(range.type);
    if (auto format = of_function(any_type)) return format;
    if (auto format = of_function(type)) return format;
    if (auto format = of_relation(any_type)) return format;
    if (auto format = of_relation(type)) return format;
    if (auto format = of_any(type)) return format;
    if (const auto media = standard_media(range)) return builtin(*media);
    return std::nullopt;
  }

 private:
  static Format builtin(Media media) {
    Format format;
    format.media = media;
    format.content_type = std::string(content_type(media));
    return format;
  }

  std::optional<Format> plan(const QueryPlanOptions& options, std::string_view for_type) const {
    const std::string_view wanted = for_type.empty() ? std::string_view("application/json") : for_type;
    AcceptRange range;
    range.type = wanted.substr(0, wanted.find(';'));
    range.written = wanted;
    auto format = choose(range, false);
    if (!format) return std::nullopt;
    const std::string_view type = format->content_type;
    format->content_type = query_plan_type(options, type.substr(0, type.find("; charset")));
    format->plan = options;
    return format;
  }

  std::optional<Format> of_function(std::string_view type) const {
    if (offers_.function == nullptr || offers_.function->media_type != type) return std::nullopt;
    return raw(type);
  }

  std::optional<Format> of_relation(std::string_view type) const {
    if (offers_.relation == nullptr || !offers_.whole_rows) return std::nullopt;
    for (const MediaHandler& handler : offers_.snapshot.media_handlers()) {
      if (handler.media_type == type && handler.relation == offers_.relation->name &&
          handler.relation_schema == offers_.relation->schema) {
        return folded(handler);
      }
    }
    return std::nullopt;
  }

  std::optional<Format> of_any(std::string_view type) const {
    if (offers_.relation == nullptr) return std::nullopt;
    for (const MediaHandler& handler : offers_.snapshot.media_handlers()) {
      if (handler.media_type == type && handler.relation.empty()) return folded(handler);
    }
    return std::nullopt;
  }

  static Format folded(const MediaHandler& handler) {
    Format format = raw(handler.media_type);
    format.fold = query::Fold{handler.schema, handler.name, !handler.relation.empty(), handler.bytes};
    return format;
  }

  const Offers& offers_;
};

}  // namespace

Result<Format> choose_format(std::string_view accept, const Offers& offers) {
  const bool plain = offers.snapshot.media_handlers().empty() && offers.function == nullptr;
  if (plain && (accept.empty() || accept == any_type || accept == "application/json")) return Format{};
  const Chooser chooser(offers);
  std::string written;
  for (const AcceptRange& range : parse_accept(accept)) {
    if (auto format = chooser.choose(range, offers.plans)) return *std::move(format);
    if (!written.empty()) written.append(", ");
    written.append(range.written);
  }
  return not_available(written);
}

Result<Format> choose_root_format(std::string_view accept) {
  Format format;
  std::string written;
  for (const AcceptRange& range : parse_accept(accept)) {
    if (range.is("application/json")) return format;
    if (range.is("application/openapi+json") || range.is("*/*") || range.is("application/*")) {
      format.content_type = with_charset("application/openapi+json");
      return format;
    }
    if (!written.empty()) written.append(", ");
    written.append(range.written);
  }
  return not_available(written);
}

bool selects_all(const Select& select) {
  return select.size() == 1 && std::holds_alternative<SelectStar>(select.front().node);
}

}  // namespace ballast::rest
