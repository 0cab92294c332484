#pragma once

#include "cli/command.hpp"
#include "config/load.hpp"

namespace ballast::cli {

/// `--settings FILE`, which every command takes that knows settings.
OwnFlag settings_flag();

/// `database` is the positional argument; empty: none was given.
struct SettingsRequest {
  const Arguments& arguments;
  std::string database;
  bool development = false;
};

/// Flags, environment, settings file (--settings, BALLAST_SETTINGS, else ./ballast.toml if there is one) and, for
/// development, other defaults.
config::Loaded load_settings(const SettingsRequest& request);
/// The file `load_settings` reads; empty: none.
std::string settings_file(const Arguments& arguments);

/// All of them on standard error; the exit status.
int report(const std::vector<config::Problem>& problems);

}  // namespace ballast::cli
