#include <cstdio>

#include "cli/command.hpp"
#include "cli/completions.hpp"
#include "cli/terminal.hpp"

namespace ballast::cli {
namespace {

int run_completions(const Arguments& arguments) {
  const std::string& shell = arguments.positional.front();
  std::string text;
  if (shell == "bash") text = bash_completions();
  if (shell == "zsh") text = zsh_completions();
  if (shell == "fish") text = fish_completions();
  if (text.empty()) {
    print_error("expected bash, zsh or fish, got \"" + shell + "\"", "ballast completions bash");
    return misuse;
  }
  std::fputs(text.c_str(), stdout);
  return success;
}

}  // namespace

Command completions_command() {
  return {.name = "completions",
          .operands = "bash|zsh|fish",
          .least_operands = 1,
          .most_operands = 1,
          .summary = "Print completions for a shell.",
          .description = "Prints a script that teaches a shell Ballast's commands and flags.",
          .examples = {{"source <(ballast completions bash)", "in ~/.bashrc"},
                       {"ballast completions fish > ~/.config/fish/completions/ballast.fish", ""}},
          .run = run_completions};
}

}  // namespace ballast::cli
