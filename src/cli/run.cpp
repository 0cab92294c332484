#include "cli/run.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "base/nearest.hpp"
#include "cli/help.hpp"
#include "cli/terminal.hpp"
#include "config/setting.hpp"

namespace ballast::cli {
namespace {

int unknown_command(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& command : commands()) names.emplace_back(command.name);
  const auto near = nearest(name, names);
  print_error(fmt::format("there is no command \"{}\"", name),
              near.empty() ? "ballast --help lists them" : "ballast " + near);
  return misuse;
}

bool is_setting(std::string_view flag) {
  if (config::registry().by_flag(flag) != nullptr) return true;
  const auto* negated =
      flag.starts_with("--no-") ? config::registry().by_flag("--" + std::string(flag.substr(5))) : nullptr;
  return negated != nullptr && negated->kind == config::Kind::boolean;
}

/// Looked at before the operands: the value of a flag that nobody knows would pass for one.
int check_flags(const Command& command, const Arguments& arguments) {
  std::vector<std::string> names = {"--help"};
  for (const auto& own : command.flags) names.emplace_back(own.name);
  if (command.settings) {
    for (const auto& setting : config::registry().settings()) names.push_back(setting.flag());
  }
  int status = success;
  for (const auto& flag : arguments.settings) {
    if (command.settings && is_setting(flag.name)) continue;
    const auto near = nearest(flag.name, names);
    print_error(fmt::format("ballast {} has no flag {}", command.name, flag.name),
                near.empty() ? fmt::format("ballast {} --help", command.name) : fmt::format("did you mean {}?", near));
    status = misuse;
  }
  return status;
}

int check_operands(const Command& command, const Arguments& arguments) {
  const auto count = arguments.positional.size();
  if (count >= command.least_operands && count <= command.most_operands) return success;
  const std::string found = count > command.most_operands ? fmt::format("does not know what to do with \"{}\"",
                                                                        arguments.positional[command.most_operands])
                                                          : fmt::format("expects {}", command.operands);
  print_error(fmt::format("ballast {} {}", command.name, found), fmt::format("ballast {} --help", command.name));
  return misuse;
}

int dispatch(const std::vector<std::string>& words) {
  if (words.empty() || words.front() == "--help" || words.front() == "-h" || words.front() == "help") {
    if (words.size() > 1) {
      if (const auto* command = find_command(words[1])) {
        std::fputs(command_help(*command, wants_colours(1)).c_str(), stdout);
        return success;
      }
    }
    std::fputs(general_help(wants_colours(1)).c_str(), words.empty() ? stderr : stdout);
    return words.empty() ? misuse : success;
  }
  if (words.front() == "--version" || words.front() == "-V") return dispatch({"version"});
  if (words.front().starts_with('-')) {
    print_error(fmt::format("expected a command before {}", words.front()), "ballast --help lists them");
    return misuse;
  }
  const Command* command = find_command(words.front());
  if (command == nullptr) return unknown_command(words.front());
  const auto arguments = parse_arguments(words, command->flags);
  if (!arguments) {
    print_error(arguments.error().message, fmt::format("ballast {} --help", command->name));
    return misuse;
  }
  if (arguments->help) {
    std::fputs(command_help(*command, wants_colours(1)).c_str(), stdout);
    return success;
  }
  if (const int status = check_flags(*command, *arguments); status != success) return status;
  if (const int status = check_operands(*command, *arguments); status != success) return status;
  return command->run(*arguments);
}

}  // namespace

int run(const std::vector<std::string>& words) {
  try {
    return dispatch(words);
  } catch (const std::exception& exception) {
    print_error(fmt::format("internal error: {}", exception.what()),
                "this is a bug in Ballast; please report it with the command line");
    return failure;
  }
}

}  // namespace ballast::cli
