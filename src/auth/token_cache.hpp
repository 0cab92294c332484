#pragma once

#include <array>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "auth/digest.hpp"
#include "auth/jwt.hpp"

namespace ballast::auth {

/// Tokens whose signatures were right, by the hash of their text, so that an RSA signature is checked once and not at
/// each request. Bounded: the least recently used go first. Thread-safe; sharded so that workers seldom meet.
class TokenCache {
 public:
  /// `capacity` 0 keeps nothing.
  explicit TokenCache(std::size_t capacity);

  std::shared_ptr<const Token> find(const Digest& digest);
  void put(const Digest& digest, std::shared_ptr<const Token> token);
  void erase(const Digest& digest);
  std::size_t size() const;

 private:
  static constexpr std::size_t shards = 16;
  struct DigestHash {
    std::size_t operator()(const Digest& digest) const noexcept { return digest[0]; }
  };
  using Entry = std::pair<Digest, std::shared_ptr<const Token>>;
  struct alignas(64) Shard {
    mutable std::mutex mutex;
    std::list<Entry> by_use;  // most recent first
    std::unordered_map<Digest, std::list<Entry>::iterator, DigestHash> entries;
  };

  Shard& shard_of(const Digest& digest) noexcept { return shards_[digest[1] % shards]; }

  const std::size_t capacity_;  // per shard
  std::array<Shard, shards> shards_;
};

}  // namespace ballast::auth
