#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "cli/command.hpp"
#include "cli/demo.hpp"
#include "cli/terminal.hpp"
#include "config/value.hpp"

namespace ballast::cli {
namespace {

constexpr std::int64_t largest_scale = 1'000;

int run(const Arguments& arguments) {
  const std::string path = arguments.positional.empty() ? "ballast.db" : arguments.positional.front();
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
  ProgressBar bar("creating " + path, whole);
  std::uint64_t drawn = 0;
  const auto made = create_demo(path, scale, [&bar, &drawn](double part) {
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
  fmt::print("created {} in {:.1f} s; serve it with: ballast dev {}\n", path, took.count(), path);
  return success;
}

}  // namespace

Command demo_command() {
  return {
      .name = "demo",
      .operands = "[FILE]",
      .most_operands = 1,
      .flags = {{"--scale", "N", "How large: 1 (the default) is about 100,000 rows."}},
      .summary = "Create the demo database.",
      .description =
          "Creates FILE (./ballast.db when none is named) with a blog, a shop, a bank, an airline and videos. The\n"
          "same scale makes the same rows each time. A file that is there is left alone.",
      .examples = {{"ballast demo", "then: ballast dev"}, {"ballast demo big.db --scale 10", "about a million rows"}},
      .run = run};
}

}  // namespace ballast::cli
