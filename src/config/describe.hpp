#pragma once

#include <string>

#include "config/load.hpp"

namespace ballast::config {

/// docs/reference/settings.md: every setting and named table of the registry.
std::string markdown(const Registry& registry);

/// The value as `ballast config` prints it: secrets masked, an empty value as "".
std::string masked(const Setting& setting, const Settings& settings);

/// `ballast config`: a TOML file that sets every setting to its present value, each with where it came from.
std::string print_toml(const Registry& registry, const Loaded& loaded);
/// `ballast config --json`: [{"name":…,"value":…,"source":…,"where":…}].
std::string print_json(const Registry& registry, const Loaded& loaded);

}  // namespace ballast::config
