#include "rest/plan_cache.hpp"

#include "rest/parameters.hpp"

namespace ballast::rest {

void PlanCache::renew(const catalog::SnapshotPtr& snapshot, const std::shared_ptr<const policy::Rules>& rules) {
  if (snapshot_ == snapshot && rules_ == rules) return;
  by_key_.clear();
  entries_.clear();
  snapshot_ = snapshot;
  rules_ = rules;
}

std::shared_ptr<ReadPlan> PlanCache::find(std::string_view key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->plan;
}

void PlanCache::insert(std::string_view key, std::shared_ptr<ReadPlan> plan) {
  if (capacity_ == 0) return;
  const auto found = by_key_.find(key);
  if (found != by_key_.end()) {
    found->second->plan = std::move(plan);
    return;
  }
  if (entries_.size() == capacity_) {
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
  entries_.push_front({std::string(key), std::move(plan)});
  by_key_.emplace(entries_.front().key, entries_.begin());
}

void shape_key(const http::Request& request, const RequestHeaders& headers, bool by_caller, std::string& key) {
  // NUL cannot stand in any of the parts: it separates them, and after '=' it stands for a value.
  key.clear();
  key.push_back(request.method == http::Method::head ? 'H' : 'G');
  key.append(request.path);
  RawParameters raws(request.query);
  RawParameter raw;
  while (raws.next(raw)) {
    key.push_back('&');
    key.append(raw.key).push_back('=');
    const std::size_t shape = bindable_value(raw);
    key.append(raw.value.substr(0, shape));
    if (shape != std::string_view::npos) key.push_back('\0');
  }
  for (const std::string_view part : {headers.accept(), headers.prefer(), headers.range(), headers.profile()}) {
    key.push_back('\0');
    key.append(part);
  }
  if (!by_caller) return;
  key.push_back('\0');
  key.append(request.principal.role).push_back('\0');
  key.push_back(request.principal.bypass ? 'b' : request.principal.authenticated ? 'a' : '-');
}

}  // namespace ballast::rest
