#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::http {

/// RFC 9110 section 8.8.3.
struct EntityTag {
  std::string opaque;  ///< what stands between the quotes
  bool weak = false;
  friend bool operator==(const EntityTag&, const EntityTag&) = default;
};

/// What If-Match and If-None-Match hold.
struct TagList {
  bool any = false;  ///< `*`
  std::vector<EntityTag> tags;
};

///     list ::= '*' | [ tag ] ( ',' [ tag ] )*     with at least one tag
///     tag  ::= [ 'W/' ] '"' [!#-~ and beyond ASCII]* '"'
/// Nothing when the text is no list.
std::optional<TagList> parse_tag_list(std::string_view text);

/// The strong tag of the same body in a content coding, whose bytes are others: `"7"` → `"7.gzip"`. A weak one stays.
std::string coded_tag(std::string tag, std::string_view coding);

/// Is the tag, whose text is `opaque`, listed, whatever its strength and content coding?
bool lists(const TagList& list, std::string_view opaque);

}  // namespace ballast::http
