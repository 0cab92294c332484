#include "cli/man.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace ballast::cli {
namespace {

/// Backslashes and hyphens are escaped, and a line that begins like a request is protected; markup is dropped.
std::string roff(std::string_view text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    line_start = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c != '`') {
      out += c;
    }
  }
  return out;
}

void section(std::string& out, std::string_view title) { out += fmt::format(".SH {}\n", title); }

void term(std::string& out, std::string_view name, std::string_view text) {
  out += fmt::format(".TP\n.B {}\n{}\n", roff(name), roff(text));
}

int run_man(const Arguments&) {
  std::fputs(man_page().c_str(), stdout);
  return success;
}

}  // namespace

std::string man_page() {
  std::string out = fmt::format(".TH BALLAST 1 \"\" \"Ballast {}\" \"User Commands\"\n", roff(BALLAST_VERSION));
  section(out, "NAME");
  out += "ballast \\- a database becomes a REST API\n";
  section(out, "SYNOPSIS");
  out += ".B ballast\n.I COMMAND\n[\\fIOPTIONS\\fR] [\\fIARGUMENTS\\fR]\n";
  section(out, "DESCRIPTION");
  out +=
      "Point Ballast at a SQLite database and it serves a REST API in the dialect of PostgREST. An answer to a write\n"
      "leaves only when the write is on disk.\n";
  section(out, "COMMANDS");
  for (const auto& command : commands()) {
    term(out, fmt::format("{} {}", command.name, command.operands), command.description);
    for (const auto& flag : command.flags) {
      out += fmt::format(".RS\n.TP\n.B {} {}\n{}\n.RE\n", roff(flag.name), roff(flag.value), roff(flag.doc));
    }
  }
  section(out, "SETTINGS");
  out += roff(
      "Every setting has one name in three spellings: http.body_limit in the settings file (a dot opens a table), "
      "BALLAST_HTTP_BODY_LIMIT in the environment, --http-body-limit as a flag. A flag overrides the environment, "
      "which overrides the file, which overrides the default.\n");
  for (const auto& setting : config::registry().settings()) {
    const std::string standard = setting.kind == config::Kind::secret ? "" : setting.show(config::Settings());
    term(out, setting.name,
         fmt::format("{} Expected: {}.{}{}", setting.doc, setting.expected(),
                     standard.empty() ? "" : " Default: " + standard + ".",
                     setting.reload == config::Reload::live ? " Taken over on SIGHUP." : ""));
  }
  for (const auto& table : config::registry().sections()) {
    const std::string name = table.key.empty() ? table.name : table.name + "." + table.key;
    term(out, "[" + name + "]", table.doc);
    out += fmt::format(".RS\n.PP\n.nf\n{}\n.fi\n.RE\n", roff(table.example));
  }
  section(out, "SIGNALS");
  term(out, "SIGTERM, SIGINT",
       "Stop accepting, finish what is under way within shutdown.grace, end. A second one cuts at once.");
  term(out, "SIGHUP", "Read settings, certificates and schema again.");
  section(out, "EXIT STATUS");
  term(out, "0", "Success.");
  term(out, "1", "Something failed: the database cannot be opened, the port is taken.");
  term(out, "2", "The command line or the settings are wrong.");
  section(out, "FILES");
  term(out, "ballast.toml", "The settings file, when it is in the working directory and --settings names no other.");
  term(out, "ballast.db", "The database, when none is named.");
  section(out, "EXAMPLES");
  for (const auto& command : commands()) {
    for (const auto& [line, what] : command.examples) term(out, line, what);
  }
  return out;
}

Command man_command() {
  return {.name = "man",
          .summary = "Print the manual page.",
          .description = "Prints ballast(1) in roff.",
          .examples = {{"ballast man | man -l -", "read it"}},
          .run = run_man};
}

}  // namespace ballast::cli
