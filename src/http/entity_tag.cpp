#include "http/entity_tag.hpp"

#include <algorithm>

#include "text/cursor.hpp"
#include "text/trim.hpp"

namespace ballast::http {
namespace {

/// etagc of RFC 9110.
bool in_tag(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x21 && byte != '"' && byte != 0x7F;
}

std::optional<EntityTag> tag(text::Cursor& at) {
  EntityTag found;
  found.weak = at.eat("W/");
  if (!at.eat('"')) return std::nullopt;
  found.opaque = at.until('"');
  if (!at.eat('"') || !std::ranges::all_of(found.opaque, in_tag)) return std::nullopt;
  return found;
}

bool is_coding(std::string_view suffix) { return suffix == ".gzip" || suffix == ".zstd"; }

}  // namespace

std::optional<TagList> parse_tag_list(std::string_view text) {
  TagList list;
  text = text::trimmed(text);
  if (text == "*") {
    list.any = true;
    return list;
  }
  text::Cursor at(text);
  while (true) {
    at.run(text::space);
    if (!at.done() && at.peek() != ',') {
      auto found = tag(at);
      if (!found) return std::nullopt;
      list.tags.push_back(std::move(*found));
      at.run(text::space);
    }
    if (at.done()) break;
    if (!at.eat(',')) return std::nullopt;
  }
  if (list.tags.empty()) return std::nullopt;
  return list;
}

std::string coded_tag(std::string tag, std::string_view coding) {
  if (tag.starts_with("W/") || !tag.ends_with('"')) return tag;
  tag.pop_back();
  return tag.append(".").append(coding).append("\"");
}

bool lists(const TagList& list, std::string_view opaque) {
  return list.any || std::ranges::any_of(list.tags, [&](const EntityTag& tag) {
           const std::string_view listed = tag.opaque;
           return listed == opaque || (listed.starts_with(opaque) && is_coding(listed.substr(opaque.size())));
         });
}

}  // namespace ballast::http
