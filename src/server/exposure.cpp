#include "server/exposure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.hpp"

namespace ballast::server {

std::optional<config::Problem> exposure(const config::Loaded& loaded) {
  const auto& settings = loaded.settings;
  const auto& role = settings.rules.anonymous_role;
  if (!settings.auth.service_role.empty() && settings.auth.service_role == role) {
    return config::Problem{
        loaded.origin("jwt.service_role").where,
        fmt::format("jwt.service_role: \"{}\" is the role of anonymous callers, who would be allowed "
                    "everything",
                    role),
        "give the service role a name of its own"};
  }
  if (settings.program.expose_anonymous) return std::nullopt;
  const auto grants = settings.rules.grants.find(role);
  if (grants == settings.rules.grants.end()) return std::nullopt;
  std::string relations;
  for (const auto& [relation, grant] : grants->second) {
    if (!grant.any()) continue;
    if (!relations.empty()) relations += ", ";
    relations += relation == "*" ? "every table" : "\"" + relation + "\"";
  }
  if (relations.empty()) return std::nullopt;
  return config::Problem{
      "",
      fmt::format("[access.{}] would open {} to everybody who can reach the port: \"{}\" is the role of "
                  "callers who show no token and no key",
                  role, relations, role),
      "if that is meant, say so with access.expose_anonymous = true; for development use ballast dev"};
}

std::optional<config::Problem> unknown_grant(const config::Settings& settings, const catalog::Snapshot& snapshot) {
  std::vector<std::string> names;
  for (const auto& schema : snapshot.schemas()) {
    for (auto& name : snapshot.names(schema)) names.push_back(std::move(name));
  }
  for (const auto& function : snapshot.functions()) names.push_back(function.name);
  const auto narrows = [](const policy::Grant& grant, const policy::Grant& all) {
    return (all.select && !grant.select) || (all.insert && !grant.insert) || (all.update && !grant.update) ||
           (all.remove && !grant.remove) || (all.execute && !grant.execute);
  };
  for (const auto& [role, grants] : settings.rules.grants) {
    const auto all = grants.find("*");
    if (all == grants.end()) continue;
    for (const auto& [relation, grant] : grants) {
      if (!narrows(grant, all->second) || std::find(names.begin(), names.end(), relation) != names.end()) continue;
      const auto near = nearest(relation, names);
      return config::Problem{
          "",
          fmt::format("[access.{}] withholds something of \"{}\" that \"*\" grants, but there is no such "
                      "table, view or function",
                      role, relation),
          near.empty() ? "take the line out, or create the table first" : fmt::format("did you mean \"{}\"?", near)};
    }
  }
  return std::nullopt;
}

std::optional<config::Problem> unknown_table(const config::Settings& settings, const catalog::Snapshot& snapshot) {
  const std::string name = catalog::undeclarable(snapshot.relations(), settings.tables);
  if (name.empty()) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& schema : snapshot.schemas()) {
    for (auto& known : snapshot.names(schema)) names.push_back(std::move(known));
  }
  const auto near = nearest(name, names);
  return config::Problem{
      "", fmt::format("[tables.{}]: there is no such table or view", name),
      near.empty() ? "take it out, or create the table first" : fmt::format("did you mean \"{}\"?", near)};
}

}  // namespace ballast::server
