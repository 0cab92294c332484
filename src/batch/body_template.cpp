#include "batch/body_template.hpp"

#include <algorithm>

#include "json/reader.hpp"
#include "json/scanner.hpp"

namespace ballast::batch {
namespace {

constexpr std::string_view key = "$ref";

/// Could some key be it, perhaps with escapes?
bool may_refer(std::string_view json) {
  return json.find(key) != std::string_view::npos || json.find("\\u") != std::string_view::npos;
}

}  // namespace

Result<BodyTemplate> BodyTemplate::parse(std::string_view json) {
  BodyTemplate made{std::string(json)};
  if (!may_refer(json)) return made;
  BALLAST_CHECKED(find(json, json.data(), made.places_));
  // Of a key that is there twice the last one counts, wherever it stands.
  std::sort(made.places_.begin(), made.places_.end(), [](const Place& a, const Place& b) { return a.at < b.at; });
  return made;
}

Result<void> BodyTemplate::find(std::string_view json, const char* start, std::vector<Place>& places) {
  switch (json::kind_of(json)) {
    case json::ValueKind::array:
      return json::each_element(json, [&](std::string_view element) { return find(element, start, places); });
    case json::ValueKind::object:
      break;
    default:
      return {};
  }
  const json::Members members = json::members(json);
  const auto found = std::find_if(members.begin(), members.end(), [](const auto& member) { return member.key == key; });
  if (found == members.end()) {
    for (const auto& member : members) BALLAST_CHECKED(find(member.raw, start, places));
    return {};
  }
  if (members.size() > 1 || json::kind_of(found->raw) != json::ValueKind::string) {
    return make_error(400, "BLST441", "expected an object with the key \"$ref\" to have that key alone, and a text")
        .with_hint("\"references\": false takes the request as it is written");
  }
  BALLAST_TRY(Reference reference, parse_reference(json::string_value(found->raw)));
  places.push_back({static_cast<std::size_t>(json.data() - start), json.size(), std::move(reference)});
  return {};
}

std::vector<const Reference*> BodyTemplate::references() const {
  std::vector<const Reference*> found;
  found.reserve(places_.size());
  for (const auto& place : places_) found.push_back(&place.reference);
  return found;
}

Result<std::string> BodyTemplate::with(const std::vector<std::string_view>& values, std::size_t limit) const {
  std::size_t size = text_.size();
  for (const auto value : values) size += value.size();
  if (size > limit && !places_.empty()) {
    return make_error(
        413, "BLST413",
        "a body and the values it refers to have " + std::to_string(limit) + " bytes at most (batch.body_limit)");
  }
  std::string made;
  made.reserve(size);
  std::size_t from = 0;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    made.append(text_, from, places_[i].at - from).append(values[i]);
    from = places_[i].at + places_[i].length;
  }
  made.append(text_, from);
  return made;
}

}  // namespace ballast::batch
