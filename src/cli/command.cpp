#include "cli/command.hpp"

namespace ballast::cli {

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {dev_command(),     serve_command(),       demo_command(),
                                           config_command(),  routes_command(),      explain_command(),
                                           version_command(), completions_command(), man_command()};
  return all;
}

const Command* find_command(std::string_view name) {
  for (const auto& command : commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

}  // namespace ballast::cli
