#pragma once

#include <string>
#include <string_view>

namespace ballast::graphql {

/// BlockStringValue of the specification (section 2.9.4): the text without its common indentation and without blank
/// lines at its ends. `raw` has its `\"""` resolved and its line terminators as `\n`.
std::string block_string_value(std::string_view raw);

}  // namespace ballast::graphql
