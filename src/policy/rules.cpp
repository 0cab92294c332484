#include "policy/rules.hpp"

#include <array>

#include "base/nearest.hpp"

namespace ballast::policy {
namespace {

const std::array<std::string, 7> words = {"select", "insert", "update", "delete", "execute", "all", "none"};

Result<void> add(Grant& grant, std::string_view word) {
  if (word == "select")
    grant.select = true;
  else if (word == "insert")
    grant.insert = true;
  else if (word == "update")
    grant.update = true;
  else if (word == "delete")
    grant.remove = true;
  else if (word == "execute")
    grant.execute = true;
  else if (word == "all")
    grant.select = grant.insert = grant.update = grant.remove = true;
  else if (word != "none") {
    auto error =
        make_error(400, "BLST_SETTING",
                   "expected select, insert, update, delete, execute, all or none, got \"" + std::string(word) + "\"");
    if (const auto near = nearest(word, words); !near.empty()) error.hint = "did you mean \"" + near + "\"?";
    return error;
  }
  return {};
}

}  // namespace

Result<Grant> parse_grant(std::string_view text) {
  Grant grant;
  constexpr std::string_view separators = ", \t";
  for (auto at = text.find_first_not_of(separators); at != std::string_view::npos;
       at = text.find_first_not_of(separators, at)) {
    const auto end = std::min(text.find_first_of(separators, at), text.size());
    BALLAST_CHECKED(add(grant, text.substr(at, end - at)));
    at = end;
  }
  return grant;
}

Grant Rules::of(std::string_view role, std::string_view relation) const {
  const auto by_role = grants.find(std::string(role));
  if (by_role == grants.end()) return {};
  const auto exact = by_role->second.find(std::string(relation));
  if (exact != by_role->second.end()) return exact->second;
  const auto wildcard = by_role->second.find("*");
  return wildcard == by_role->second.end() ? Grant{} : wildcard->second;
}

}  // namespace ballast::policy
