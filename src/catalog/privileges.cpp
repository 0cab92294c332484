#include "catalog/privileges.hpp"

namespace ballast::catalog {
namespace {

constexpr Rights everything = 0xff;
/// PostgreSQL's predefined roles (manual 22.5) that carry rights without grants.
constexpr std::string_view reads_all = "pg_read_all_data";
constexpr std::string_view writes_all = "pg_write_all_data";

}  // namespace

std::string Privileges::key(std::string_view schema, std::string_view name, std::string_view more) {
  std::string key(schema);
  key.push_back('\0');
  key.append(name);
  if (!more.empty()) key.append(1, '\0').append(more);
  return key;
}

bool Privileges::is_superuser(std::string_view role) const {
  const auto found = roles.find(role);
  return found != roles.end() && found->second.superuser;
}

Rights Privileges::of(std::string_view role, const Grants& grants) const {
  Rights rights = 0;
  const auto add = [&](std::string_view grantee) {
    if (const auto found = grants.find(grantee); found != grants.end()) rights |= found->second;
  };
  add("");
  if (const auto found = roles.find(role); found != roles.end()) {
    for (const auto& name : found->second.inherits) add(name);
  }
  return rights;
}

Rights Privileges::on_schema(std::string_view role, std::string_view schema) const {
  if (is_superuser(role)) return everything;
  const auto found = schemas.find(schema);
  Rights rights = found == schemas.end() ? Rights{0} : of(role, found->second);
  rights |= of(role, {{std::string(reads_all), right_usage}, {std::string(writes_all), right_usage}});
  return rights;
}

Rights Privileges::on_relation(std::string_view role, std::string_view schema, std::string_view name) const {
  if (is_superuser(role)) return everything;
  Rights rights = of(role, {{std::string(reads_all), right_select},
                            {std::string(writes_all), right_insert | right_update | right_delete}});
  const auto found = relations.find(key(schema, name));
  if (found == relations.end()) return rights;
  rights |= of(role, found->second.whole);
  for (const auto& [column, grants] : found->second.columns) rights |= of(role, grants);
  return rights;
}

Rights Privileges::on_whole_relation(std::string_view role, std::string_view schema, std::string_view name) const {
  return on_column(role, schema, name, {});
}

Rights Privileges::on_column(std::string_view role, std::string_view schema, std::string_view name,
                             std::string_view column) const {
  if (is_superuser(role)) return everything;
  Rights rights = of(role, {{std::string(reads_all), right_select},
                            {std::string(writes_all), right_insert | right_update | right_delete}});
  const auto found = relations.find(key(schema, name));
  if (found == relations.end()) return rights;
  rights |= of(role, found->second.whole);
  const auto own = found->second.columns.find(column);
  if (own != found->second.columns.end()) rights |= of(role, own->second);
  return rights;
}

Rights Privileges::on_function(std::string_view role, std::string_view schema, std::string_view name,
                               std::string_view signature) const {
  if (is_superuser(role)) return everything;
  const auto found = functions.find(key(schema, name, signature));
  return found == functions.end() ? Rights{0} : of(role, found->second);
}

}  // namespace ballast::catalog
