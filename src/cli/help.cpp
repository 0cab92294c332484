#include "cli/help.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/terminal.hpp"

namespace ballast::cli {
namespace {

std::string heading(std::string_view text, bool colours) { return styled(text, "1", colours); }

/// The settings that every serving command is most often given.
constexpr std::string_view common[] = {"listen", "admin.listen", "schemas",      "anon_role", "jwt.secret",
                                       "jwks",   "rest.path",    "graphql.path", "log.level"};

std::string_view placeholder(const config::Setting& setting) {
  if (setting.name == "listen") return "ADDR:PORT|unix:PATH";
  if (setting.name == "admin.listen") return "ADDR:PORT";
  if (setting.name == "anon_role") return "ROLE";
  if (setting.name == "jwks") return "FILE";
  switch (setting.kind) {
    case config::Kind::boolean:
      return "";
    case config::Kind::integer:
      return "N";
    case config::Kind::size:
      return "SIZE";
    case config::Kind::duration:
      return "TIME";
    case config::Kind::list:
      return "A,B";
    case config::Kind::choice:
      return "WORD";
    case config::Kind::secret:
      return "SECRET|@FILE";
    case config::Kind::permissions:
      return "MODE";
    case config::Kind::text:
      return setting.name.ends_with("path") ? "PATH" : "TEXT";
  }
  return "";
}

std::string first_sentence(const std::string& doc) {
  const auto end = doc.find(". ");
  std::string text = end == std::string::npos ? doc : doc.substr(0, end + 1);
  std::erase(text, '`');
  return text;
}

void list(std::string& out, const std::vector<std::pair<std::string, std::string>>& rows) {
  std::size_t width = 0;
  for (const auto& [left, right] : rows) width = std::max(width, left.size());
  for (const auto& [left, right] : rows) out += fmt::format("  {:<{}}  {}\n", left, width, right);
}

}  // namespace

std::string general_help(bool colours) {
  std::string out = fmt::format("Ballast {}: a database becomes a REST API.\n\n{} ballast COMMAND [OPTIONS]\n\n{}\n",
                                BALLAST_VERSION, heading("Usage:", colours), heading("Commands:", colours));
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& command : commands()) {
    rows.emplace_back(fmt::format("{} {}", command.name, command.operands), command.summary);
  }
  list(out, rows);
  out += fmt::format("\n{}\n", heading("Examples:", colours));
  list(out, {{"ballast demo", "creates ./ballast.db, a database to try things with"},
             {"ballast dev", "serves ./ballast.db on http://127.0.0.1:8080, everything open"},
             {"ballast serve shop.db --listen 0.0.0.0:8080", "production: closed until ballast.toml grants something"},
             {"ballast COMMAND --help", "what a command takes"}});
  return out;
}

std::string command_help(const Command& command, bool colours) {
  std::string out = fmt::format("{} ballast {} {}{}\n\n{}\n", heading("Usage:", colours), command.name,
                                command.settings || !command.flags.empty() ? "[OPTIONS] " : "", command.operands,
                                command.description);
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& flag : command.flags) rows.emplace_back(fmt::format("{} {}", flag.name, flag.value), flag.doc);
  if (command.settings) {
    for (const auto name : common) {
      const auto* setting = config::registry().by_name(name);
      rows.emplace_back(fmt::format("{} {}", setting->flag(), placeholder(*setting)), first_sentence(setting->doc));
    }
  }
  rows.emplace_back("-h, --help", "This page.");
  out += fmt::format("\n{}\n", heading("Options:", colours));
  list(out, rows);
  if (command.settings) {
    out +=
        "\nEvery other setting is a flag, too: http.body_limit is --http-body-limit. `ballast config` lists them all.\n";
  }
  if (!command.examples.empty()) {
    out += fmt::format("\n{}\n", heading("Examples:", colours));
    std::vector<std::pair<std::string, std::string>> examples(command.examples.begin(), command.examples.end());
    list(out, examples);
  }
  return out;
}

}  // namespace ballast::cli
