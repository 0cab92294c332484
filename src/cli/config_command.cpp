#include <fmt/format.h>

#include <cstdio>

#include "cli/command.hpp"
#include "cli/sources.hpp"
#include "cli/terminal.hpp"
#include "config/describe.hpp"

namespace ballast::cli {
namespace {

int run_config(const Arguments& arguments) {
  if (arguments.has("--markdown")) {
    std::fputs(config::markdown(config::registry()).c_str(), stdout);
    return success;
  }
  const auto loaded = load_settings({arguments, "", arguments.has("--dev")});
  if (!loaded.ok()) return report(loaded.problems);
  const auto text = arguments.has("--json") ? config::print_json(config::registry(), loaded)
                                            : config::print_toml(config::registry(), loaded);
  std::fputs(text.c_str(), stdout);
  return success;
}

}  // namespace

Command config_command() {
  return {.name = "config",
          .settings = true,
          .flags = {settings_flag(),
                    {"--dev", "", "With the defaults of ballast dev."},
                    {"--json", "", "As JSON."},
                    {"--markdown", "", "The reference page of all settings, whatever their values."}},
          .summary = "Show every setting, its value and where it came from.",
          .description =
              "Prints every setting with the value it has now and where that came from: flag, environment variable,\n"
              "settings file with its line, or default. The output is a settings file. Secrets are masked.",
          .examples = {{"ballast config", "with ./ballast.toml and the environment as they are"},
                       {"ballast config > ballast.toml", "a settings file to start from"}},
          .run = run_config};
}

}  // namespace ballast::cli
