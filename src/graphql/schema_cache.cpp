#include "graphql/schema_cache.hpp"

#include <algorithm>

namespace ballast::graphql {

SchemaPtr SchemaCache::of(const policy::Principal& principal, const catalog::SnapshotPtr& snapshot,
                          const std::shared_ptr<const policy::Rules>& rules) {
  std::string role = principal.role.empty() ? rules->anonymous_role : principal.role;
  if (principal.bypass && !by_privileges_) role += "\nbypass";
  const std::lock_guard lock(mutex_);
  if (snapshot_ != snapshot || rules_ != rules) {
    entries_.clear();
    snapshot_ = snapshot;
    rules_ = rules;
  }
  const auto found = std::ranges::find(entries_, role, &Entry::role);
  if (found != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, found);
    return entries_.front().schema;
  }
  SchemaPtr schema = build(principal, role, snapshot, *rules);
  entries_.push_front({std::move(role), schema});
  if (entries_.size() > capacity_) entries_.pop_back();
  return schema;
}

SchemaPtr SchemaCache::build(const policy::Principal& principal, const std::string& role,
                             const catalog::SnapshotPtr& snapshot, const policy::Rules& rules) const {
  if (by_privileges_) return build_schema(snapshot, PrivilegesAccess(snapshot->privileges(), role), options_);
  return build_schema(snapshot, RulesAccess(rules, principal), options_);
}

}  // namespace ballast::graphql
