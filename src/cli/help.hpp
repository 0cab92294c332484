#pragma once

#include <string>

#include "cli/command.hpp"

namespace ballast::cli {

/// `ballast --help`.
std::string general_help(bool colours);
/// `ballast COMMAND --help`.
std::string command_help(const Command& command, bool colours);

}  // namespace ballast::cli
