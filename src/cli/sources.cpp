#include "cli/sources.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/terminal.hpp"

namespace ballast::cli {
namespace {

std::vector<std::pair<std::string, std::string>> environment() {
  std::vector<std::pair<std::string, std::string>> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (!text.starts_with("BALLAST_") || equals == std::string_view::npos) continue;
    variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace

OwnFlag settings_flag() {
  return {"--settings", "FILE", "The settings file. Default: ./ballast.toml, if there is one."};
}

std::string settings_file(const Arguments& arguments) {
  if (arguments.has("--settings")) return arguments.value("--settings");
  if (const char* path = std::getenv("BALLAST_SETTINGS"); path != nullptr && *path != '\0') return path;
  std::error_code ec;
  return std::filesystem::exists("ballast.toml", ec) ? "ballast.toml" : std::string();
}

config::Loaded load_settings(const SettingsRequest& request) {
  config::Sources sources;
  sources.environment = environment();
  sources.flags = request.arguments.settings;
  if (!request.database.empty()) sources.flags.push_back({"DATABASE", "--database", request.database});
  if (request.development) {
    sources.mode = "dev";
    sources.mode_defaults = {{"log.level", "debug"},
                             {"schema.poll_interval", "1s"},
                             {"sqlite.create", "true"},
                             {"database.watch_schema", "true"}};
  }
  const std::string path = settings_file(request.arguments);
  std::vector<config::Problem> problems;
  if (!path.empty()) {
    sources.file_name = path;
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (file && !std::filesystem::is_directory(path)) {
      sources.file_text = std::move(text);
    } else {
      problems.push_back({path, "the settings file cannot be read", "check --settings and BALLAST_SETTINGS"});
    }
  }
  auto loaded = config::load(config::registry(), sources);
  loaded.problems.insert(loaded.problems.begin(), problems.begin(), problems.end());
  return loaded;
}

int report(const std::vector<config::Problem>& problems) {
  if (problems.size() == 1) {
    const auto& only = problems.front();
    print_error(only.where.empty() ? only.message : only.where + ": " + only.message, only.hint);
    return misuse;
  }
  print_error(fmt::format("{} problems with the settings", problems.size()));
  for (const auto& problem : problems) std::fputs(fmt::format("  {}\n", problem.text()).c_str(), stderr);
  return misuse;
}

}  // namespace ballast::cli
