#include "cli/serve.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "server/lifecycle.hpp"

extern char** environ;

namespace ballast::cli {
namespace {

std::vector<std::pair<std::string, std::string>> environment() {
  std::vector<std::pair<std::string, std::string>> all;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) all.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return all;
}

std::optional<std::filesystem::file_time_type> modified(const std::string& file) {
  std::error_code failure;
  const auto time = std::filesystem::last_write_time(file, failure);
  if (failure) return std::nullopt;
  return time;
}

void greet(const server::Application& application, server::Mode mode, const config::Settings& settings) {
  const auto& addresses = application.addresses();
  const std::string first = addresses.empty() ? "the activated socket" : addresses.front().to_string();
  application.log().info("ready", {{"address", first},
                                   {"admin", application.admin_address()},
                                   {"database", application.database()},
                                   {"relations", application.relations()},
                                   {"mode", mode == server::Mode::dev ? "dev" : "serve"}});
  if (addresses.empty() || addresses.front().is_unix() || ::isatty(STDERR_FILENO) == 0) return;
  fmt::print(stderr,
             "\n  try:  curl 'http://{0}{1}/TABLE?limit=3'\n        curl 'http://{0}{1}/TABLE?select=*&order=id.desc'\n"
             "        curl http://{2}/ready\n\n",
             first, settings.rest.path, application.admin_address());
}

}  // namespace

std::string settings_file(const Arguments& arguments) {
  if (arguments.has("--settings")) return arguments.value("--settings");
  if (const char* named = std::getenv("BALLAST_SETTINGS"); named != nullptr && *named != '\0') return named;
  return std::filesystem::exists("ballast.toml") ? "ballast.toml" : "";
}

config::Loaded load_settings(const Arguments& arguments, const std::string& mode) {
  config::Sources sources;
  sources.mode = mode;
  sources.environment = environment();
  sources.flags = arguments.settings;
  if (mode != "config" && !arguments.positional.empty()) {
    sources.flags.push_back(config::Flag{"DATABASE", "--database", arguments.positional.front()});
  }
  if (const std::string file = settings_file(arguments); !file.empty()) {
    sources.file_name = file;
    std::ifstream in(file, std::ios::binary);
    if (!in) {
      config::Loaded failed;
      failed.problems.push_back({file, "the settings file cannot be read", "check the path given with --settings"});
      return failed;
    }
    sources.file_text = std::string(std::istreambuf_iterator<char>(in), {});
  }
  return config::load(config::registry(), sources);
}

void print_problems(const std::vector<config::Problem>& problems) {
  for (const auto& problem : problems) fmt::print(stderr, "ballast: {}\n", problem.text());
}

int serve(const Arguments& arguments, server::Mode mode) {
  const std::string name = mode == server::Mode::dev ? "dev" : "serve";
  const auto loaded = load_settings(arguments, name);
  if (!loaded.ok()) {
    print_problems(loaded.problems);
    return 2;
  }
  server::block_signals();
  auto application = server::Application::start(loaded.settings, mode);
  if (!application) {
    const auto& error = application.error();
    fmt::print(stderr, "ballast: {}{}\n", error.message, error.hint.empty() ? "" : " (" + error.hint + ")");
    return 1;
  }
  greet(**application, mode, loaded.settings);
  const std::string file = settings_file(arguments);
  auto seen = modified(file);
  const auto changed = [&] {
    if (mode != server::Mode::dev || file.empty()) return false;
    const auto now = modified(file);
    return now && now != std::exchange(seen, now);
  };
  const auto again = [&]() -> std::optional<config::Settings> {
    auto next = load_settings(arguments, name);
    if (next.ok()) return next.settings;
    for (const auto& problem : next.problems) {
      (*application)->log().error("settings not reloaded: the old ones stay", {{"problem", problem.text()}});
    }
    return std::nullopt;
  };
  return server::run_until_signalled(**application, again, changed, loaded.settings.program.shutdown_grace);
}

}  // namespace ballast::cli
