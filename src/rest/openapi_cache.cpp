#include "rest/openapi_cache.hpp"

#include <algorithm>

namespace ballast::rest {
namespace {

/// A document of a thousand tables has some megabytes; few roles ask for theirs at a time.
constexpr std::size_t most_entries = 8;

}  // namespace

OpenApiCache::Text OpenApiCache::get(const catalog::SnapshotPtr& snapshot,
                                     const std::shared_ptr<const policy::Rules>& rules, const std::string& key,
                                     const std::function<std::string()>& write) {
  {
    const std::lock_guard lock(mutex_);
    entries_.remove_if([&](const Entry& entry) { return entry.snapshot != snapshot || entry.rules != rules; });
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.key == key; });
    if (found != entries_.end()) {
      entries_.splice(entries_.begin(), entries_, found);
      return found->text;
    }
  }
  auto text = std::make_shared<const std::string>(write());
  const std::lock_guard lock(mutex_);
  entries_.push_front({snapshot, rules, key, text});
  if (entries_.size() > most_entries) entries_.pop_back();
  return text;
}

}  // namespace ballast::rest
