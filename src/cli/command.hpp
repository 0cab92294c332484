#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "cli/arguments.hpp"

namespace ballast::cli {

/// Exit statuses.
constexpr int success = 0;
constexpr int failure = 1;
constexpr int misuse = 2;

/// One command: what it is called, what it takes, what is said about it, what it does. Help, man page and completions
/// are made from this.
struct Command {
  std::string_view name;
  std::string_view operands;  ///< "[DATABASE]"
  std::size_t least_operands = 0;
  std::size_t most_operands = 0;
  bool settings = false;  ///< takes every setting as a flag, and --settings
  std::vector<OwnFlag> flags;
  std::string_view summary;  ///< one line
  std::string_view description;
  std::vector<std::pair<std::string_view, std::string_view>> examples;  ///< command line, what it does
  int (*run)(const Arguments& arguments) = nullptr;
};

/// In the order of the help page.
const std::vector<Command>& commands();
/// Null when unknown.
const Command* find_command(std::string_view name);

Command dev_command();
Command serve_command();
Command demo_command();
Command config_command();
Command routes_command();
Command explain_command();
Command version_command();
Command completions_command();
Command man_command();

}  // namespace ballast::cli
