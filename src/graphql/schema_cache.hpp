#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "graphql/schema.hpp"
#include "graphql/schema_builder.hpp"
#include "policy/principal.hpp"
#include "policy/rules.hpp"

namespace ballast::graphql {

/// The schemas of the roles that asked last, for one catalog and one set of rules. Thread-safe; a schema is built under
/// its lock, so that a crowd waits for one building instead of doing it all at once.
class SchemaCache {
 public:
  /// `by_privileges`: what the database granted decides, not the rules.
  SchemaCache(BuildOptions options, bool by_privileges, std::size_t capacity = 32)
      : options_(std::move(options)), by_privileges_(by_privileges), capacity_(capacity) {}

  SchemaPtr of(const policy::Principal& principal, const catalog::SnapshotPtr& snapshot,
               const std::shared_ptr<const policy::Rules>& rules);

 private:
  struct Entry {
    std::string role;
    SchemaPtr schema;
  };
  SchemaPtr build(const policy::Principal& principal, const std::string& role, const catalog::SnapshotPtr& snapshot,
                  const policy::Rules& rules) const;

  const BuildOptions options_;
  const bool by_privileges_;
  const std::size_t capacity_;
  std::mutex mutex_;
  catalog::SnapshotPtr snapshot_;
  std::shared_ptr<const policy::Rules> rules_;
  std::list<Entry> entries_;  // the most recently used first
};

}  // namespace ballast::graphql
