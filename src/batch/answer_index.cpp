#include "batch/answer_index.hpp"

#include <variant>

#include "http/iequals.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace ballast::batch {
namespace {

Error nothing_there(const Reference& reference, std::string_view why) {
  return make_error(400, "BLST441", "{" + reference.text + "} points to nothing: " + std::string(why));
}

std::string_view trimmed(std::string_view json) {
  const std::size_t start = json.find_first_not_of(" \t\r\n");
  return json.substr(start, json.find_last_not_of(" \t\r\n") + 1 - start);
}

}  // namespace

Result<std::string_view> AnswerIndex::find(const Reference& reference) {
  if (reference.part == Reference::Part::status) {
    if (status_.empty()) status_ = std::to_string(answer_.status);
    return std::string_view(status_);
  }
  if (reference.part == Reference::Part::header) {
    headers_.resize(answer_.headers.size());
    for (std::size_t i = 0; i < answer_.headers.size(); ++i) {
      const auto& [name, value] = answer_.headers[i];
      if (!http::iequals(name, reference.field)) continue;
      if (headers_[i].empty()) json::append_string(headers_[i], value);
      return std::string_view(headers_[i]);
    }
    return nothing_there(reference, "the answer has no such header");
  }
  if (answer_.body.empty()) {
    return nothing_there(reference, "the answer has no body").with_hint("Prefer: return=representation gives it one");
  }
  std::string_view at = trimmed(answer_.body);
  for (const auto& step : reference.path) {
    if (const auto* name = std::get_if<std::string>(&step)) {
      BALLAST_TRY(at, member(at, *name, reference));
    } else {
      BALLAST_TRY(at, element(at, std::get<std::size_t>(step), reference));
    }
  }
  return at;
}

Result<std::string_view> AnswerIndex::member(std::string_view object, const std::string& name,
                                             const Reference& reference) {
  if (json::kind_of(object) != json::ValueKind::object) {
    return nothing_there(reference, "there is no object that could have a member \"" + name + "\"");
  }
  const auto [known, is_new] = objects_.try_emplace(object.data());
  if (is_new) {
    for (auto& [key, raw] : json::members(object)) known->second.emplace(std::move(key), raw);
  }
  const auto found = known->second.find(name);
  if (found == known->second.end()) {
    return nothing_there(reference, "the object there has no member \"" + name + "\"");
  }
  return found->second;
}

Result<std::string_view> AnswerIndex::element(std::string_view array, std::size_t index, const Reference& reference) {
  if (json::kind_of(array) != json::ValueKind::array) {
    return nothing_there(reference, "there is no array that could have an element " + std::to_string(index));
  }
  const auto [known, is_new] = arrays_.try_emplace(array.data());
  if (is_new) {
    BALLAST_CHECKED(json::each_element(array, [&elements = known->second](std::string_view raw) -> Result<void> {
      elements.push_back(raw);
      return {};
    }));
  }
  if (index >= known->second.size()) {
    return nothing_there(reference, "the array there has " + std::to_string(known->second.size()) + " elements");
  }
  return known->second[index];
}

}  // namespace ballast::batch
