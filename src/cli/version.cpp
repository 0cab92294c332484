#include <fmt/format.h>

#include <cstdio>

#include "cli/command.hpp"
#include "server/admin.hpp"

namespace ballast::cli {
namespace {

int run_version(const Arguments& arguments) {
  const std::string text =
      arguments.has("--json") ? server::version_json() : fmt::format("ballast {}", BALLAST_VERSION);
  std::fputs((text + "\n").c_str(), stdout);
  return success;
}

}  // namespace

Command version_command() {
  return {.name = "version",
          .flags = {{"--json", "", "With compiler and kind of build, as JSON."}},
          .summary = "Say which version this is.",
          .description = "Prints the version.",
          .run = run_version};
}

}  // namespace ballast::cli
