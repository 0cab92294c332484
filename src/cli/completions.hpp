#pragma once

#include <string>

#include "cli/command.hpp"

/// Shell completions, made from the commands and the settings' registry.
namespace ballast::cli {

std::string bash_completions();
std::string zsh_completions();
std::string fish_completions();

}  // namespace ballast::cli
