#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ballast::rest {

/// What a path under `rest.path` names.
struct Target {
  enum class Kind : std::uint8_t { root, relation, function };
  Kind kind = Kind::root;
  std::string name;  ///< decoded
};

/// `path` is raw; `base` is the setting, with or without slashes at its ends. 404 PGRST125 for what names nothing.
///
///     path ::= base [ '/' ] | base '/' name | base '/rpc/' name
Result<Target> parse_target(std::string_view path, std::string_view base);

/// `base` with one slash in front and none behind; empty for the root.
std::string normalized_base(std::string_view base);

}  // namespace ballast::rest
