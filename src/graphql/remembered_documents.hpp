#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "auth/digest.hpp"

namespace ballast::graphql {

/// The documents that clients sent last together with their hash, so that the hash alone does the next time.
/// Thread-safe. Bounded in number and in bytes: as many as if each had `average_size`.
class RememberedDocuments {
 public:
  static constexpr std::size_t average_size = std::size_t{16} << 10;

  explicit RememberedDocuments(std::size_t capacity) : capacity_(capacity) {}

  /// Null when it is not known, or not any more.
  std::shared_ptr<const std::string> find(const auth::Digest& digest);
  /// Drops those that were not used for longest. `digest` is the document's.
  void insert(const auth::Digest& digest, std::shared_ptr<const std::string> document);
  bool enabled() const noexcept { return capacity_ > 0; }

 private:
  struct Entry {
    auth::Digest digest;
    std::shared_ptr<const std::string> document;
  };
  using Entries = std::list<Entry>;
  void drop_last();

  const std::size_t capacity_;
  std::mutex mutex_;
  std::size_t bytes_ = 0;
  Entries entries_;  // the most recently used first
  std::unordered_map<auth::Digest, Entries::iterator, auth::DigestHash> by_digest_;
};

}  // namespace ballast::graphql
