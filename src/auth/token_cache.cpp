#include "auth/token_cache.hpp"

namespace ballast::auth {

TokenCache::TokenCache(std::size_t capacity) : capacity_((capacity + shards - 1) / shards) {}

std::shared_ptr<const Token> TokenCache::find(const Digest& digest) {
  Shard& shard = shard_of(digest);
  const std::scoped_lock lock(shard.mutex);
  const auto found = shard.entries.find(digest);
  if (found == shard.entries.end()) return nullptr;
  shard.by_use.splice(shard.by_use.begin(), shard.by_use, found->second);
  return found->second->second;
}

void TokenCache::put(const Digest& digest, std::shared_ptr<const Token> token) {
  if (capacity_ == 0) return;
  Shard& shard = shard_of(digest);
  const std::scoped_lock lock(shard.mutex);
  if (const auto found = shard.entries.find(digest); found != shard.entries.end()) {
    found->second->second = std::move(token);
    return;
  }
  if (shard.entries.size() >= capacity_) {
    shard.entries.erase(shard.by_use.back().first);
    shard.by_use.pop_back();
  }
  shard.by_use.emplace_front(digest, std::move(token));
  shard.entries.emplace(digest, shard.by_use.begin());
}

void TokenCache::erase(const Digest& digest) {
  Shard& shard = shard_of(digest);
  const std::scoped_lock lock(shard.mutex);
  const auto found = shard.entries.find(digest);
  if (found == shard.entries.end()) return;
  shard.by_use.erase(found->second);
  shard.entries.erase(found);
}

std::size_t TokenCache::size() const {
  std::size_t total = 0;
  for (const Shard& shard : shards_) {
    const std::scoped_lock lock(shard.mutex);
    total += shard.entries.size();
  }
  return total;
}

}  // namespace ballast::auth
