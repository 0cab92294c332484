#pragma once

#include <string>
#include <vector>

namespace ballast::cli {

/// Runs the command line (without the program's name). 0: done; 1: it failed; 2: the words were wrong.
int run(const std::vector<std::string>& words);

}  // namespace ballast::cli
