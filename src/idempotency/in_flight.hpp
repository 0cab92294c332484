#pragma once

#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "idempotency/key.hpp"

namespace ballast::idempotency {

/// The keys whose requests this process is executing. It spares the database the duplicates that a client in a hurry
/// sends to the same server. Thread-safe.
class InFlight {
 public:
  /// Holds a key until it goes.
  class Ticket {
   public:
    Ticket() = default;
    Ticket(InFlight& keys, std::pair<std::string, std::string> key) : keys_(&keys), key_(std::move(key)) {}
    Ticket(Ticket&& other) noexcept : keys_(std::exchange(other.keys_, nullptr)), key_(std::move(other.key_)) {}
    Ticket& operator=(Ticket&& other) noexcept {
      std::swap(keys_, other.keys_);
      std::swap(key_, other.key_);
      return *this;
    }
    ~Ticket() {
      if (keys_ != nullptr) keys_->leave(key_);
    }
    explicit operator bool() const noexcept { return keys_ != nullptr; }

   private:
    InFlight* keys_ = nullptr;
    std::pair<std::string, std::string> key_;
  };

  /// An empty ticket when somebody holds the key.
  Ticket enter(const Key& key) {
    std::pair pair(key.scope, key.text);
    const std::lock_guard lock(mutex_);
    if (!keys_.insert(pair).second) return {};
    return {*this, std::move(pair)};
  }
  bool holds(const Key& key) const {
    const std::lock_guard lock(mutex_);
    return keys_.contains({key.scope, key.text});
  }

 private:
  void leave(const std::pair<std::string, std::string>& key) {
    const std::lock_guard lock(mutex_);
    keys_.erase(key);
  }

  mutable std::mutex mutex_;
  std::set<std::pair<std::string, std::string>> keys_;
};

}  // namespace ballast::idempotency
