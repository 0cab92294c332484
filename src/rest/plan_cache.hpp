#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "catalog/snapshot.hpp"
#include "http/request.hpp"
#include "policy/rules.hpp"
#include "rest/read_plan.hpp"
#include "rest/request_headers.hpp"

namespace ballast::rest {

/// The plans of the requests that came last, by shape. Belongs to one worker thread, so it needs no lock.
class PlanCache {
 public:
  explicit PlanCache(std::size_t capacity) : capacity_(capacity) {}

  /// Plans are good for one catalog and one set of rules: forgets them all when either is another one.
  void renew(const catalog::SnapshotPtr& snapshot, const std::shared_ptr<const policy::Rules>& rules);
  /// Null when unknown.
  std::shared_ptr<ReadPlan> find(std::string_view key);
  /// Replaces what is there; drops what was not used for longest.
  void insert(std::string_view key, std::shared_ptr<ReadPlan> plan);
  std::size_t size() const noexcept { return by_key_.size(); }

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<ReadPlan> plan;
  };
  using Entries = std::list<Entry>;

  std::size_t capacity_;
  catalog::SnapshotPtr snapshot_;
  std::shared_ptr<const policy::Rules> rules_;
  Entries entries_;  // the most recently used first
  std::unordered_map<std::string_view, Entries::iterator> by_key_;
};

/// Replaces `key` by the shape of a read: method, path, query without the values that only get bound, the headers
/// that decide the answer, and, where plans depend on it, who asks. Two requests with the same key differ in nothing
/// but those values.
void shape_key(const http::Request& request, const RequestHeaders& headers, bool by_caller, std::string& key);

}  // namespace ballast::rest
