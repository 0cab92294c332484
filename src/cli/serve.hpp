#pragma once

#include "cli/arguments.hpp"
#include "server/application.hpp"

namespace ballast::cli {

/// `ballast dev` and `ballast serve`: until a signal ends it. The exit status.
int serve(const Arguments& arguments, server::Mode mode);

/// Settings from every source, for the command `mode` ("dev", "serve", …). Problems are in the result.
config::Loaded load_settings(const Arguments& arguments, const std::string& mode);

/// The settings file that applies: --settings, $BALLAST_SETTINGS, ./ballast.toml when it exists; else empty.
std::string settings_file(const Arguments& arguments);

/// A line on standard error for each problem.
void print_problems(const std::vector<config::Problem>& problems);

}  // namespace ballast::cli
