#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/setting.hpp"

namespace ballast::config {

/// Where a value comes from, weakest first: a later source overrides an earlier one.
enum class Source : std::uint8_t { standard, mode, file, environment, flag };

struct Origin {
  Source source = Source::standard;
  std::string where = "default";  ///< "default", "dev mode", "ballast.toml:3", "BALLAST_LISTEN", "--listen"
  std::string raw;                ///< as written there, for messages; empty for secrets
};

/// `--name value` as it stood on the command line; a boolean flag may have no value.
struct Flag {
  std::string spelling;  ///< "--rest-path", or "DATABASE" for the positional argument
  std::string name;      ///< the flag it stands for: "--rest-path"
  std::optional<std::string> value;
};

/// Everything that can set something.
struct Sources {
  std::string file_name = "ballast.toml";                        ///< for messages
  std::optional<std::string> file_text;                          ///< TOML; absent: there is no settings file
  std::vector<std::pair<std::string, std::string>> environment;  ///< names not starting with BALLAST_ are ignored
  std::vector<Flag> flags;
  std::string mode;  ///< "dev": named as the origin of `mode_defaults`
  std::vector<std::pair<std::string, std::string>> mode_defaults;
};

/// Something that must be put right before Ballast starts.
struct Problem {
  std::string where;    ///< "ballast.toml:3", "BALLAST_LISTEN", "--listen"
  std::string message;  ///< what was expected and what was found
  std::string hint;     ///< the nearest valid name, or what to do

  /// "ballast.toml:3: unknown setting \"htp.port\" (did you mean \"http.port\"?)"
  std::string text() const;
  friend bool operator==(const Problem&, const Problem&) = default;
};

struct Loaded {
  Settings settings;
  std::map<std::string, Origin, std::less<>> origins;  ///< by setting name; absent means default
  std::vector<Problem> problems;                       ///< all of them, not only the first
  bool ok() const noexcept { return problems.empty(); }
  Origin origin(std::string_view name) const;
};

/// Gathers the sources, flag > environment > settings file > mode > default, and validates the whole. Pure but for
/// reading the files that secrets name.
Loaded load(const Registry& registry, const Sources& sources);

}  // namespace ballast::config
