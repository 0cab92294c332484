#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "cli/command.hpp"
#include "cli/demo.hpp"
#include "cli/terminal.hpp"
#include "config/connection_string.hpp"
#include "config/value.hpp"

namespace ballast::cli {
namespace {

constexpr std::int64_t largest_scale = 1'000;

int run_demo(const Arguments& arguments) {
  const std::string database = arguments.positional.empty() ? "ballast.db" : arguments.positional.front();
  const std::string shown = config::without_password(database);
  std::int64_t scale = 1;
  if (arguments.has("--scale")) {
    const auto parsed = config::parse_integer(arguments.value("--scale"));
    if (!parsed || *parsed < 1 || *parsed > largest_scale) {
      print_error(fmt::format("--scale: expected a whole number from 1 to {}, got \"{}\"", largest_scale,
                              arguments.value("--scale")));
      return misuse;
    }
    scale = *parsed;
  }
  const auto began = std::chrono::steady_clock::now();
  constexpr std::uint64_t whole = 1'000;
  ProgressBar bar("creating " + shown, whole);
  std::uint64_t drawn = 0;
  const auto made = create_demo(database, scale, [&bar, &drawn](double part) {
    const auto now = static_cast<std::uint64_t>(part * static_cast<double>(whole));
    if (now > drawn) bar.advance(now - drawn);
    drawn = std::max(drawn, now);
  });
  bar.finish();
  if (!made) {
    print_error(made.error());
    return failure;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  const bool quoted = shown.find_first_of(" &?'") != std::string::npos;
  fmt::print("created {} in {:.1f} s; serve it with: ballast dev {}\n", shown, took.count(),
             quoted ? '"' + shown + '"' : shown);
  return success;
}

}  // namespace

Command demo_command() {
  return {
      .name = "demo",
      .operands = "[DATABASE]",
      .most_operands = 1,
      .flags = {{"--scale", "N", "How large: 1 (the default) is about 100,000 rows."}},
      .summary = "Create the demo database.",
      .description =
          "Creates DATABASE (a SQLite file, ./ballast.db when none is named) with a blog, a shop, a bank, an airline\n"
          "and videos. The same scale makes the same rows each time. A file that is there is left alone. In a\n"
          "PostgreSQL database that exists (postgres://…) the tables are created, all of them or none.",
      .examples = {{"ballast demo", "then: ballast dev"},
                   {"ballast demo big.db --scale 10", "about a million rows"},
                   {"ballast demo postgres:///shop", "the same rows in PostgreSQL"}},
      .run = run_demo};
}

}  // namespace ballast::cli
