#include "rest/name_list.hpp"

#include <algorithm>

#include "rest/failure.hpp"
#include "rest/names.hpp"

namespace ballast::rest {

Result<std::vector<std::string>> parse_name_list(std::string_view what, std::string_view text) {
  text::Cursor at(text);
  std::vector<std::string> names;
  const auto fail = [&](std::string_view expecting) {
    return parse_failure(std::string(what) + " parameter", text, at.at(), expecting);
  };
  do {
    auto name = field_name(at);
    if (!name) return fail(field_name_label);
    if (std::find(names.begin(), names.end(), *name) == names.end()) names.push_back(std::move(*name));
    skip_blanks(at);
  } while (at.eat(','));
  if (!at.done()) return fail("\",\" or end of input");
  return names;
}

}  // namespace ballast::rest
