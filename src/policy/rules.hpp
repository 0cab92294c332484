#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ballast::policy {

/// What may be done to a relation, or with a function.
struct Grant {
  bool select = false;
  bool insert = false;
  bool update = false;
  bool remove = false;
  /// Calls of the function of that name. Functions run with the rights of the connection's user, so "all" does not
  /// include it.
  bool execute = false;
  bool any() const noexcept { return select || insert || update || remove || execute; }
  friend bool operator==(const Grant&, const Grant&) = default;
};

/// "select, insert" or "all" or "none" (words apart by commas or spaces); the setting's text form.
Result<Grant> parse_grant(std::string_view text);

/// Grants per role and relation. Closed by default: what is not granted is refused. The relation "*" stands for
/// every relation that has no grant of its own for that role.
struct Rules {
  std::string anonymous_role = "anon";
  bool open = false;                                           ///< development: everybody may do everything
  std::map<std::string, std::map<std::string, Grant>> grants;  ///< role → relation → grant

  Grant of(std::string_view role, std::string_view relation) const;
};

}  // namespace ballast::policy
