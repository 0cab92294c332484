#pragma once

#include <string>

#include "cli/command.hpp"

namespace ballast::cli {

/// ballast(1) in roff (man(7)), made from the commands and the settings' registry.
std::string man_page();

}  // namespace ballast::cli
