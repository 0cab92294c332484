#include "cli/cli.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>

#include "base/nearest.hpp"
#include "cli/arguments.hpp"
#include "cli/demo.hpp"
#include "cli/serve.hpp"
#include "config/describe.hpp"

namespace ballast::cli {
namespace {

constexpr std::string_view usage = R"(ballast: a database becomes a backend

usage: ballast COMMAND [DATABASE] [FLAGS]

commands
  dev [DATABASE]      serve on loopback with everything open, for development
  serve [DATABASE]    serve with access closed by default, for production
  demo [FILE]         create the demo database, ./demo.db (--scale N, 1 is about 100,000 rows)
  config              print every setting, its value and where it came from (--json, --markdown)
  version             print the version (--json)

DATABASE is the path of a SQLite file, or sqlite:PATH; ./ballast.db when nothing is given.

flags of dev and serve
  --listen ADDR:PORT|unix:PATH   where clients connect (repeatable; 127.0.0.1:8080)
  --admin-listen ADDR:PORT       /live /ready /metrics /version (127.0.0.1:8081)
  --settings FILE                settings file (./ballast.toml when it exists)
Every setting is a flag too: see ballast config.

examples
  ballast dev shop.db
  ballast serve shop.db --listen 0.0.0.0:8080 --settings /etc/ballast.toml
)";

const std::vector<OwnFlag> own_flags = {
    {"--settings", "FILE", "settings file"},
    {"--scale", "N", "size of the demo database"},
    {"--json", "", "print JSON"},
    {"--markdown", "", "print the reference page"},
};

int version(const Arguments& arguments) {
  if (arguments.has("--json")) {
    fmt::print("{{\"name\":\"ballast\",\"version\":\"{}\"}}\n", BALLAST_VERSION);
  } else {
    fmt::print("ballast {}\n", BALLAST_VERSION);
  }
  return 0;
}

int demo(const Arguments& arguments) {
  const std::string path = arguments.positional.empty() ? "demo.db" : arguments.positional.front();
  std::int64_t scale = 1;
  if (arguments.has("--scale")) {
    const auto parsed = config::parse_integer(arguments.value("--scale"));
    if (!parsed || *parsed < 1 || *parsed > 1000) {
      fmt::print(stderr, "ballast: --scale: expected a whole number from 1 to 1000\n");
      return 2;
    }
    scale = *parsed;
  }
  const bool terminal = ::isatty(STDERR_FILENO) != 0;
  const auto began = std::chrono::steady_clock::now();
  const auto made = create_demo(path, scale, [terminal](double part) {
    if (!terminal) return;
    const auto filled = static_cast<std::size_t>(part * 30);
    fmt::print(stderr, "\r[{:<30}] {:3.0f} %", std::string(filled, '#'), part * 100);
  });
  if (terminal) fmt::print(stderr, "\n");
  if (!made) {
    fmt::print(stderr, "ballast: {}{}\n", made.error().message,
               made.error().hint.empty() ? "" : " (" + made.error().hint + ")");
    return 1;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  fmt::print("created {} in {:.1f} s; serve it with: ballast dev {}\n", path, took.count(), path);
  return 0;
}

int print_config(const Arguments& arguments) {
  if (arguments.has("--markdown")) {
    fmt::print("{}", config::markdown(config::registry()));
    return 0;
  }
  const auto loaded = load_settings(arguments, "config");
  fmt::print("{}", arguments.has("--json") ? config::print_json(config::registry(), loaded)
                                           : config::print_toml(config::registry(), loaded));
  print_problems(loaded.problems);
  return loaded.ok() ? 0 : 2;
}

int unknown(const std::string& command) {
  const std::array<std::string, 5> commands = {"dev", "serve", "demo", "config", "version"};
  const auto near = nearest(command, commands);
  fmt::print(stderr, "ballast: unknown command \"{}\" ({})\n", command,
             near.empty() ? "see ballast --help" : "did you mean \"" + near + "\"?");
  return 2;
}

}  // namespace

int run(const std::vector<std::string>& words) {
  const auto parsed = parse_arguments(words, own_flags);
  if (!parsed) {
    fmt::print(stderr, "ballast: {} (see ballast --help)\n", parsed.error().message);
    return 2;
  }
  if (parsed->help) {
    fmt::print("{}", usage);
    return 0;
  }
  if (parsed->command.empty()) {
    fmt::print(stderr, "{}", usage);
    return 2;
  }
  if (parsed->command == "dev") return serve(*parsed, server::Mode::dev);
  if (parsed->command == "serve") return serve(*parsed, server::Mode::serve);
  if (parsed->command == "demo") return demo(*parsed);
  if (parsed->command == "config") return print_config(*parsed);
  if (parsed->command == "version") return version(*parsed);
  return unknown(parsed->command);
}

}  // namespace ballast::cli
