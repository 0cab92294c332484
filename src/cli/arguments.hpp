#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/load.hpp"

namespace ballast::cli {

/// A command line, taken apart.
struct Arguments {
  std::string command;  ///< empty when none was given
  std::vector<std::string> positional;
  std::vector<config::Flag> settings;                    ///< flags that name a setting, and what looks like one
  std::vector<std::pair<std::string, std::string>> own;  ///< the command's own flags and their values
  bool help = false;

  bool has(std::string_view flag) const;
  /// Empty when absent.
  std::string value(std::string_view flag) const;
};

/// A flag that belongs to a command rather than to a setting.
struct OwnFlag {
  std::string_view name;   ///< "--scale"
  std::string_view value;  ///< "N"; empty: takes none
  std::string_view doc;
};

/// argument ::= "--" name [ "=" value ] | "--" name value | "-h" | word ; "--" ends the flags.
/// Refuses a flag without its value; flags nobody knows are left to the settings loader, which suggests names.
Result<Arguments> parse_arguments(const std::vector<std::string>& words, const std::vector<OwnFlag>& own);

}  // namespace ballast::cli
