#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "catalog/snapshot.hpp"
#include "policy/rules.hpp"

namespace ballast::rest {

/// The descriptions that were asked for last: that of a large schema takes milliseconds to write, and anybody may ask
/// for it. Thread-safe.
class OpenApiCache {
 public:
  using Text = std::shared_ptr<const std::string>;

  /// What stands under `key`, or what `write` makes of this catalog and these rules.
  Text get(const catalog::SnapshotPtr& snapshot, const std::shared_ptr<const policy::Rules>& rules,
           const std::string& key, const std::function<std::string()>& write);

 private:
  struct Entry {
    catalog::SnapshotPtr snapshot;
    std::shared_ptr<const policy::Rules> rules;
    std::string key;
    Text text;
  };
  std::mutex mutex_;
  std::list<Entry> entries_;  // the most recently asked for first
};

}  // namespace ballast::rest
