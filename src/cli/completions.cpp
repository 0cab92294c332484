#include "cli/completions.hpp"

#include <fmt/format.h>

namespace ballast::cli {
namespace {

std::vector<std::string> flags_of(const Command& command) {
  std::vector<std::string> flags = {"--help"};
  for (const auto& flag : command.flags) flags.emplace_back(flag.name);
  if (command.settings) {
    for (const auto& setting : config::registry().settings()) flags.push_back(setting.flag());
  }
  return flags;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string names() {
  std::vector<std::string> words;
  for (const auto& command : commands()) words.emplace_back(command.name);
  return joined(words);
}

/// Single quotes of a shell: a quote inside ends them, is escaped, and opens them again.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// A doc's first sentence without markup; zsh's brackets and colons are taken out too.
std::string brief(std::string_view doc) {
  std::string text(doc.substr(0, doc.find(". ")));
  std::erase_if(text, [](char c) { return c == '`' || c == '[' || c == ']' || c == ':'; });
  return text;
}

}  // namespace

std::string bash_completions() {
  std::string out =
      "# bash completion for ballast; made by `ballast completions bash`.\n"
      "_ballast() {\n"
      "  local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\" words\n"
      "  COMPREPLY=()\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n";
  out += fmt::format("    COMPREPLY=($(compgen -W {} -- \"$current\"))\n    return\n  fi\n",
                     quoted(names() + " --help --version"));
  out += "  case \"$previous\" in\n";
  for (const auto& setting : config::registry().settings()) {
    if (setting.choices.empty()) continue;
    out += fmt::format("    {}) COMPREPLY=($(compgen -W {} -- \"$current\")); return ;;\n", setting.flag(),
                       quoted(joined(setting.choices)));
  }
  out += "  esac\n  case \"${COMP_WORDS[1]}\" in\n";
  for (const auto& command : commands()) {
    std::string words = joined(flags_of(command));
    if (command.name == "completions") words += " bash zsh fish";
    out += fmt::format("    {}) words={} ;;\n", command.name, quoted(words));
  }
  out +=
      "    *) words='' ;;\n  esac\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
      "  [[ $current == -* ]] || COMPREPLY+=($(compgen -f -- \"$current\"))\n"
      "}\n"
      "complete -o filenames -F _ballast ballast\n";
  return out;
}

std::string zsh_completions() {
  std::string out =
      "#compdef ballast\n"
      "# zsh completion for ballast; made by `ballast completions zsh`.\n"
      "_ballast() {\n"
      "  local -a commands\n"
      "  commands=(\n";
  for (const auto& command : commands()) {
    out += "    " + quoted(fmt::format("{}:{}", command.name, brief(command.summary))) + "\n";
  }
  out +=
      "  )\n"
      "  if (( CURRENT == 2 )); then\n"
      "    _describe 'command' commands\n"
      "    return\n"
      "  fi\n"
      "  case \"$words[2]\" in\n";
  for (const auto& command : commands()) {
    out += fmt::format("    {})\n      _arguments \\\n        '--help[this page]' \\\n", command.name);
    for (const auto& flag : command.flags) {
      const std::string value = flag.value.empty() ? "" : ":value:_files";
      out += "        " +
             quoted(fmt::format("{}{}[{}]{}", flag.name, flag.value.empty() ? "" : "=", brief(flag.doc), value)) +
             " \\\n";
    }
    if (command.settings) {
      for (const auto& setting : config::registry().settings()) {
        std::string value = ":value:_files";
        if (setting.kind == config::Kind::boolean) value = "::value:(true false)";
        if (!setting.choices.empty()) value = fmt::format(":value:({})", joined(setting.choices));
        const std::string_view repeat = setting.kind == config::Kind::list ? "*" : "";
        const std::string_view equals = setting.kind == config::Kind::boolean ? "=-" : "=";
        out += "        " +
               quoted(fmt::format("{}{}{}[{}]{}", repeat, setting.flag(), equals, brief(setting.doc), value)) + " \\\n";
      }
    }
    out += command.name == "completions" ? "        '*:shell:(bash zsh fish)'\n      ;;\n"
                                         : "        '*:file:_files'\n      ;;\n";
  }
  out += "  esac\n}\n_ballast \"$@\"\n";
  return out;
}

std::string fish_completions() {
  std::string out = "# fish completion for ballast; made by `ballast completions fish`.\n";
  for (const auto& command : commands()) {
    out += fmt::format("complete -c ballast -n __fish_use_subcommand -f -a {} -d {}\n", command.name,
                       quoted(command.summary));
  }
  for (const auto& command : commands()) {
    const std::string condition = fmt::format("complete -c ballast -n '__fish_seen_subcommand_from {}'", command.name);
    for (const auto& flag : command.flags) {
      out += fmt::format("{} -l {}{} -d {}\n", condition, flag.name.substr(2), flag.value.empty() ? "" : " -r",
                         quoted(brief(flag.doc)));
    }
    if (command.name == "completions") out += condition + " -f -a 'bash zsh fish'\n";
    if (!command.settings) continue;
    for (const auto& setting : config::registry().settings()) {
      std::string value = setting.kind == config::Kind::boolean ? "" : " -r";
      if (!setting.choices.empty()) value = " -x -a " + quoted(joined(setting.choices));
      out += fmt::format("{} -l {}{} -d {}\n", condition, setting.flag().substr(2), value, quoted(brief(setting.doc)));
    }
  }
  return out;
}

}  // namespace ballast::cli
