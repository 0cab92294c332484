#pragma once

#include <string>
#include <vector>

namespace ballast::cli {

/// The program: `words` is the command line without the program's own name. Returns the exit status: 0, 1 when
/// something failed, 2 when the command line or the settings are wrong.
int run(const std::vector<std::string>& words);

}  // namespace ballast::cli
